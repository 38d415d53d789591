/** The way between pages: nobody without a session gets past the sign-in, and nobody sees a page their role has not. */
import { Problem } from '@hutong/api';
import { watch } from 'vue';
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router';
import ShellFrame from '../shell/ShellFrame.vue';
import { lost } from './connection.ts';
import { i18n, say } from './language.ts';
import { knownMe } from './me.ts';
import { pages } from './routes.ts';

export const router = createRouter({
  history: createWebHistory(),
  // The same page asked otherwise stays where it is.
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  routes: [
    ...pages.filter((page) => page.meta?.isPublic),
    {
      path: '/',
      component: ShellFrame,
      children: [
        ...pages.filter((page) => !page.meta?.isPublic),
        {
          path: ':anything(.*)*',
          component: () => import('../shell/AbsentPage.vue'),
          meta: { title: 'shell.absent' },
        },
      ],
    },
  ],
});

router.beforeEach(async (to) => {
  if (to.meta.isPublic) return true;
  try {
    const me = await knownMe();
    const action = to.meta.action;
    // What is not yours looks like what is not there; the server says the same of its answers.
    if (action && !me.actions.includes(action)) {
      return { path: '/absent', query: {}, replace: true, force: true };
    }
    return true;
  } catch (error) {
    if (error instanceof Problem && error.isSessionEnded) return signInFor(to);
    lost();
    return true;
  }
});

/** The sign-in, which leads back to where one wanted to go. */
export function signInFor(to: RouteLocationNormalized, ended = false) {
  const next = to.fullPath === '/' ? undefined : to.fullPath;
  return { path: '/sign-in', query: { next, ended: ended ? '1' : undefined } };
}

/** The window is called after the page, in the language of the screens. */
function entitle(to: RouteLocationNormalized): void {
  const title = to.meta.title ? `${say(to.meta.title)} · ` : '';
  document.title = `${title}${say('shell.product')}`;
}

router.afterEach(entitle);
watch(i18n.global.locale, () => entitle(router.currentRoute.value));
