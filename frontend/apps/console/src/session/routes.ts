import type { RouteRecordRaw } from 'vue-router';
import SignInPage from './SignInPage.vue';

const routes: RouteRecordRaw[] = [
  { path: '/sign-in', component: SignInPage, meta: { isPublic: true, title: 'session.signIn' } },
  {
    path: '/invitation',
    component: () => import('./InvitationPage.vue'),
    meta: { isPublic: true, title: 'session.invitation' },
  },
  { path: '/account', component: () => import('./AccountPage.vue'), meta: { title: 'session.account' } },
];

export default routes;
