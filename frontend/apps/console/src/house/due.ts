/**
 * What waits for an officer. Every feature's folder may have a `due.ts`, whose questions the bell in the bar asks; a
 * feature that brings dates of its own needs nothing else.
 */
import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { useMe } from './me.ts';

export type Standing = 'late' | 'at_hand' | 'coming' | 'waiting';

export interface DueItem {
  key: string;
  standing: Standing;
  /** The day it is due, where it has one. */
  on?: string | undefined;
  /** The text's key, the values in it, and those of them that are keys of texts themselves. */
  text: string;
  values?: Record<string, string>;
  words?: Record<string, string>;
  /** Whom it is about. */
  name?: string | undefined;
  /** The place it is of, by name. */
  place?: string | undefined;
  /** The page where it is settled. */
  to: string;
  /** How many it stands for; it counts in the bell unless it is `isQuiet`. */
  count?: number;
  isQuiet?: boolean;
}

export interface DueSource {
  /** Who is asked for it: whoever may do this. */
  action: string;
  ask: (signal: AbortSignal) => Promise<DueItem[]>;
}

const found = import.meta.glob<{ default: DueSource[] }>('../*/due.ts', { eager: true });
const sources = Object.values(found).flatMap((module) => module.default);

const ORDER: Standing[] = ['late', 'at_hand', 'waiting', 'coming'];
const ANEW = 5 * 60_000;

/** The most pressing first, and within that the earliest. */
export function inOrder(items: DueItem[]): DueItem[] {
  const rank = (one: DueItem) => ORDER.indexOf(one.standing);
  return [...items].sort((a, b) => rank(a) - rank(b) || (a.on ?? '').localeCompare(b.on ?? ''));
}

/** What the bell counts: what is late, at hand or waits for this officer's word. */
export function pressing(items: DueItem[]): number {
  const counted = items.filter((one) => one.standing !== 'coming' && !one.isQuiet);
  return counted.reduce((sum, one) => sum + (one.count ?? 1), 0);
}

export function useDue() {
  const { me, can } = useMe();
  const mine = computed(() => sources.filter((source) => can(source.action)));
  const asked = useQuery({
    queryKey: computed(() => ['due', me.value?.appointment]),
    queryFn: async ({ signal }) => {
      const all = await Promise.all(mine.value.map((source) => source.ask(signal)));
      return inOrder(all.flat());
    },
    enabled: computed(() => mine.value.length > 0),
    staleTime: 60_000,
    refetchInterval: ANEW,
  });
  const isAsked = computed(() => mine.value.length > 0);
  return { ...asked, isAsked };
}
