import type { RouteRecordRaw } from 'vue-router';

const routes: RouteRecordRaw[] = [
  {
    path: '/applications',
    component: () => import('./InboxPage.vue'),
    meta: {
      title: 'applications.title',
      action: 'view_applications',
      nav: { icon: 'paper', text: 'applications.title', order: 15 },
    },
  },
  {
    path: '/applications/new',
    component: () => import('./DraftPage.vue'),
    meta: { title: 'applications.draft.title', action: 'handle_application' },
  },
  {
    path: '/applications/limits',
    component: () => import('./LimitsPage.vue'),
    meta: { title: 'applications.limits.title', action: 'view_applications' },
  },
  {
    path: '/applications/:id',
    component: () => import('./ApplicationPage.vue'),
    props: true,
    meta: { title: 'applications.one', action: 'view_applications' },
  },
];

export default routes;
