/** What a demonstration tells everybody, so that it can be tried; anywhere else there is nothing. */
import { answer, api } from '@hutong/api';
import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { useHealth } from '../house/health.ts';

export function useDemonstration() {
  const { data: health } = useHealth();
  const { data } = useQuery({
    queryKey: ['demonstration'],
    queryFn: () => answer(api.GET('/api/organisation/demonstration')),
    enabled: computed(() => health.value?.demo === true),
  });
  return data;
}
