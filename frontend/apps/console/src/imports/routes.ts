import type { RouteRecordRaw } from 'vue-router';

const routes: RouteRecordRaw[] = [
  {
    path: '/imports',
    component: () => import('./ImportPage.vue'),
    meta: {
      title: 'imports.title',
      action: 'import_ledger',
      nav: { icon: 'upload', text: 'imports.title', order: 40 },
    },
  },
];

export default routes;
