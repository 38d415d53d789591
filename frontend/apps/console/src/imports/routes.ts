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
  {
    path: '/imports/national',
    component: () => import('./NationalPage.vue'),
    meta: { title: 'imports.national.title', action: 'import_ledger' },
  },
];

export default routes;
