/** A file, opened for a purpose; kept no longer than its page is there. */
import { answer, api, type Schemas } from '@hutong/api';
import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';

export function openFile(id: string, purpose: string, signal?: AbortSignal): Promise<Schemas['ChildView']> {
  return answer(
    api.GET('/api/registry/children/{id}', {
      params: { path: { id }, query: { purpose } },
      ...(signal && { signal }),
    }),
  );
}

export function useFile(id: Ref<string>, purpose: Ref<string | undefined>) {
  return useQuery({
    queryKey: computed(() => ['registry', 'file', id.value, purpose.value]),
    queryFn: ({ signal }) => openFile(id.value, purpose.value ?? '', signal),
    enabled: computed(() => purpose.value !== undefined),
    // Every reading is journalled: no more of them than the officer asked for.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnMount: false,
  });
}
