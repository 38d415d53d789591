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
    path: '/allowances/what-if',
    component: () => import('./WhatIfPage.vue'),
    meta: {
      title: 'allowances.whatIf.title',
      action: 'weigh_standard',
      nav: { icon: 'chart', text: 'allowances.whatIf.title', order: 33 },
    },
  },
  {
    path: '/allowances/review',
    component: () => import('./ReviewPage.vue'),
    meta: {
      title: 'allowances.review.title',
      action: 'search_children',
      nav: { icon: 'clock', text: 'allowances.review.title', order: 18 },
    },
  },
  {
    path: '/allowances/batches/:id',
    component: () => import('./BatchPage.vue'),
    props: true,
    meta: { title: 'allowances.one', action: 'view_month' },
  },
  {
    path: '/allowances/batches/:id/payment',
    component: () => import('./PaymentPage.vue'),
    props: true,
    meta: { title: 'allowances.pay.title', action: 'view_month' },
  },
  {
    path: '/allowances/accounts',
    component: () => import('./AccountsPage.vue'),
    meta: { title: 'allowances.pay.accounts', action: 'review_month' },
  },
];

export default routes;
