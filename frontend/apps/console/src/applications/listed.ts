/** Applications of a kind, more of them as they are asked for. */
import { answer, api } from '@hutong/api';
import { useInfiniteQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import type { Box } from './acts.ts';

export function useApplications(which: () => { box: Box } | { child: string }) {
  const query = useInfiniteQuery({
    queryKey: computed(() => ['applications', 'listed', which()]),
    queryFn: ({ pageParam, signal }) => {
      const asked = { ...which(), limit: 50, ...(pageParam && { cursor: pageParam }) };
      return answer(api.GET('/api/applications', { params: { query: asked }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const items = computed(() => query.data.value?.pages.flatMap((page) => page.items) ?? []);
  return { ...query, items };
}
