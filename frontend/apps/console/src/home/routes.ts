import type { RouteRecordRaw } from 'vue-router';
import HomePage from './HomePage.vue';

const routes: RouteRecordRaw[] = [
  {
    path: '/',
    component: HomePage,
    meta: { title: 'home.title', nav: { icon: 'home', text: 'home.title', order: 0 } },
  },
];

export default routes;
