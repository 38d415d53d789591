/** The organisation as the server tells it: units, posts, officers, proposals. */
import { answer, api, type Schemas } from '@hutong/api';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { useHealth } from '../house/health.ts';
import type { Appointment } from './tree.ts';
import { whole } from './whole.ts';

export type Officer = Schemas['OfficerView'];
export type Proposal = Schemas['ProposalView'];

const PAGE = 200;
const OFFICERS = 50;
/** Units change seldom; a change made here asks anew by itself. */
const KEPT = 5 * 60_000;

export function useUnits() {
  const asked = useQuery({
    queryKey: ['organisation', 'units'],
    queryFn: ({ signal }) =>
      whole((cursor) =>
        answer(api.GET('/api/organisation/units', { params: { query: { cursor, limit: PAGE } }, signal })),
      ),
    staleTime: KEPT,
  });
  const byId = computed(() => new Map((asked.data.value ?? []).map((unit) => [unit.id, unit])));
  return { ...asked, byId };
}

/** The appointments in force on the server's day. */
export function usePosts() {
  const { data: health } = useHealth();
  const today = computed(() => health.value?.today);
  return useQuery({
    queryKey: ['organisation', 'posts', today],
    queryFn: ({ signal }) =>
      whole((cursor) => {
        const query = { on: today.value, cursor, limit: PAGE };
        return answer(api.GET('/api/organisation/appointments', { params: { query }, signal }));
      }),
    enabled: () => today.value !== undefined,
  });
}

/** Every appointment of one unit, past and to come. */
export function usePostsOf(unit: Ref<string | undefined>) {
  return useQuery<Appointment[]>({
    queryKey: ['organisation', 'posts-of', unit],
    queryFn: ({ signal }) =>
      whole((cursor) => {
        const query = { unit: unit.value, cursor, limit: PAGE };
        return answer(api.GET('/api/organisation/appointments', { params: { query }, signal }));
      }),
    enabled: () => unit.value !== undefined,
  });
}

/** The officers that a text and a state of account find, page by page. */
export function useOfficersFound(text: Ref<string>, account: Ref<string>) {
  return useInfiniteQuery({
    queryKey: ['organisation', 'officers', text, account],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        text: text.value || undefined,
        account: account.value || undefined,
        cursor: pageParam,
        limit: OFFICERS,
      };
      return answer(api.GET('/api/organisation/officers', { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function useProposals() {
  return useQuery({
    queryKey: ['organisation', 'proposals'],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/organisation/proposals', { signal }))).items,
  });
}
