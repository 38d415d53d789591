import type { RouteRecordRaw } from 'vue-router';

const routes: RouteRecordRaw[] = [
  {
    path: '/allowances',
    component: () => import('./MonthsPage.vue'),
    meta: {
      title: 'allowances.title',
      action: 'view_month',
      nav: { icon: 'yuan', text: 'allowances.title', order: 30 },
    },
  },
  {
    path: '/allowances/standards',
    component: () => import('./StandardsPage.vue'),
    meta: {
      title: 'allowances.standards.title',
      action: 'view_month',
      nav: { icon: 'chart', text: 'allowances.standards.title', order: 32 },
    },
  },
  {
    path: '/allowances/batches/:id',
    component: () => import('./BatchPage.vue'),
    props: true,
    meta: { title: 'allowances.one', action: 'view_month' },
  },
];

export default routes;
