/** An application, opened for a purpose; kept no longer than its page is there. */
import { answer, api } from '@hutong/api';
import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { queries } from '../house/queries.ts';

export function useApplication(id: Ref<string>, purpose: Ref<string | undefined>) {
  return useQuery({
    queryKey: computed(() => ['applications', 'one', id.value, purpose.value]),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/applications/{id}', {
          params: { path: { id: id.value }, query: { purpose: purpose.value ?? '' } },
          signal,
        }),
      ),
    enabled: computed(() => purpose.value !== undefined),
    // Every reading is journalled: no more of them than the officer asked for.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnMount: false,
  });
}

/** Reads applications and files anew: a decision changes both. */
export async function renew(): Promise<void> {
  await queries.invalidateQueries({ queryKey: ['applications'] });
  await queries.invalidateQueries({ queryKey: ['registry'] });
}
