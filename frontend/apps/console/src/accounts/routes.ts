import type { RouteRecordRaw } from 'vue-router';

const routes: RouteRecordRaw[] = [
  {
    path: '/accounts',
    component: () => import('./AccountsPage.vue'),
    meta: {
      title: 'accounts.title',
      action: 'appoint',
      nav: { icon: 'key', text: 'accounts.title', order: 110 },
    },
  },
];

export default routes;
