import type { RouteRecordRaw } from 'vue-router';

const routes: RouteRecordRaw[] = [
  {
    path: '/journal',
    component: () => import('./JournalPage.vue'),
    meta: {
      title: 'journal.title',
      action: 'read_journal',
      nav: { icon: 'book', text: 'journal.title', order: 120 },
    },
  },
];

export default routes;
