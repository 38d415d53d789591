/** Where pages are: every feature's folder has a `routes.ts`, whose routes say who may see them and where they stand. */
import type { IconName } from '@hutong/ui';
import type { RouteRecordRaw } from 'vue-router';

declare module 'vue-router' {
  interface RouteMeta {
    /** The text that is the page's title: `registry.title`. */
    title?: string;
    /** Seen without a session. */
    isPublic?: boolean;
    /** The action without which the page is not there; its code as in docs/permissions.md. */
    action?: string;
    /** Its place in the side bar; pages without one are reached from others. */
    nav?: Nav;
  }
}

export interface Nav {
  icon: IconName;
  /** The text of the entry. */
  text: string;
  /** Upwards from 10 for work with children, from 100 for the office itself. */
  order: number;
}

const found = import.meta.glob<{ default: RouteRecordRaw[] }>('../*/routes.ts', { eager: true });

/** Every page of every feature. */
export const pages: RouteRecordRaw[] = Object.values(found).flatMap((module) => module.default);

/** The entries of the side bar for somebody with these actions, in their order. */
export function entriesFor(can: (action: string) => boolean) {
  return pages
    .filter((page) => page.meta?.nav && (!page.meta.action || can(page.meta.action)))
    .map((page) => ({ path: page.path, nav: page.meta?.nav as Nav }))
    .sort((a, b) => a.nav.order - b.nav.order);
}
