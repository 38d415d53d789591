/** Which page the address names. A handful of pages needs no router. */
import { nextTick, ref } from 'vue';

export const PAGES = ['/', '/entitlement', '/apply', '/resume', '/status', '/county'] as const;
export type PagePath = (typeof PAGES)[number];

function here(): PagePath {
  return PAGES.find((page) => page === location.pathname) ?? '/';
}

export const page = ref<PagePath>(here());

addEventListener('popstate', () => {
  page.value = here();
  void arrive();
});

/** Goes to a page, as a link does. */
export function go(to: PagePath): void {
  history.pushState(null, '', to);
  page.value = to;
  void arrive();
}

/** Whoever hears the page instead of seeing it learns that it is another. */
export async function arrive(): Promise<void> {
  scrollTo(0, 0);
  await nextTick();
  document.querySelector<HTMLElement>('h1')?.focus();
}
