import type { RouteRecordRaw } from 'vue-router';

const routes: RouteRecordRaw[] = [
  {
    path: '/registry',
    component: () => import('./list/ListPage.vue'),
    meta: {
      title: 'registry.title',
      action: 'search_children',
      nav: { icon: 'child', text: 'registry.title', order: 10 },
    },
  },
  {
    path: '/registry/new',
    component: () => import('./file/RegisterPage.vue'),
    meta: { title: 'registry.register.title', action: 'register_child' },
  },
  {
    path: '/registry/work-items',
    component: () => import('./doubts/WorkItemsPage.vue'),
    meta: {
      title: 'registry.work.title',
      action: 'clear_work_item',
      nav: { icon: 'flag', text: 'registry.work.title', order: 20 },
    },
  },
  {
    path: '/registry/exports',
    component: () => import('./list/ExportsPage.vue'),
    meta: { title: 'registry.export.mine', action: 'export_children' },
  },
  {
    path: '/registry/merge/:kept/:doubled',
    component: () => import('./merge/MergePage.vue'),
    props: true,
    meta: { title: 'registry.merge.title', action: 'merge_children' },
  },
  {
    path: '/registry/:id',
    component: () => import('./file/FilePage.vue'),
    props: true,
    meta: { title: 'registry.file.title', action: 'open_child' },
  },
];

export default routes;
