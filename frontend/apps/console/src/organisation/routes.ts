import type { RouteRecordRaw } from 'vue-router';

const routes: RouteRecordRaw[] = [
  {
    path: '/organisation',
    component: () => import('./OrganisationPage.vue'),
    meta: {
      title: 'organisation.title',
      action: 'view_organisation',
      nav: { icon: 'organisation', text: 'organisation.title', order: 100 },
    },
  },
  {
    path: '/organisation/proposals',
    component: () => import('./ProposalsPage.vue'),
    meta: { title: 'organisation.proposals', action: 'view_organisation' },
  },
];

export default routes;
