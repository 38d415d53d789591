/** The organisation as the server tells it: units, posts, officers, proposals. */
import { answer, api, type Schemas } from '@hutong/api';
import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { useHealth } from '../house/health.ts';
import type { Appointment } from './tree.ts';
import { whole } from './whole.ts';

export type Officer = Schemas['OfficerView'];
export type Proposal = Schemas['ProposalView'];

const PAGE = 200;
/** Units and officers change seldom; a change made here asks anew by itself. */
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

export function useOfficers(wanted: () => boolean = () => true) {
  const asked = useQuery({
    queryKey: ['organisation', 'officers'],
    queryFn: ({ signal }) =>
      whole((cursor) =>
        answer(api.GET('/api/organisation/officers', { params: { query: { cursor, limit: PAGE } }, signal })),
      ),
    staleTime: KEPT,
    enabled: wanted,
  });
  const byId = computed(() => new Map((asked.data.value ?? []).map((officer) => [officer.id, officer])));
  return { ...asked, byId };
}

export function useProposals() {
  return useQuery({
    queryKey: ['organisation', 'proposals'],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/organisation/proposals', { signal }))).items,
  });
}
