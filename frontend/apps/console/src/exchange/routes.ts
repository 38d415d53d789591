import type { RouteRecordRaw } from 'vue-router';

const routes: RouteRecordRaw[] = [
  {
    path: '/exchange/peers',
    component: () => import('./PeersPage.vue'),
    meta: { title: 'exchange.peers', action: 'view_organisation' },
  },
  {
    path: '/exchange/packages',
    component: () => import('./PackagesPage.vue'),
    meta: { title: 'exchange.packages', action: 'carry_packages' },
  },
];

export default routes;
