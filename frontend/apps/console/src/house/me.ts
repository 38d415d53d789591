/** Who is signed in, and what they may do: the navigation and the pages ask here. */
import { answer, api, type Schemas } from '@hutong/api';
import { queryOptions, useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { queries } from './queries.ts';

export type Me = Schemas['MeView'];

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => answer(api.GET('/api/organisation/me')),
  staleTime: 60_000,
});

/** Who is signed in, asked once and then known. */
export function knownMe(): Promise<Me> {
  return queries.ensureQueryData(meQuery);
}

/** Who is signed in, within a page: pages are shown to people who are. */
export function useMe() {
  const { data } = useQuery(meQuery);
  const post = computed(() => data.value?.posts.find((one) => one.appointment === data.value?.appointment));
  const can = (action: string): boolean => data.value?.actions.includes(action) ?? false;
  return { me: data, post, can };
}
