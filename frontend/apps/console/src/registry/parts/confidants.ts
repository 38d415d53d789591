/** Who in the own unit may know of a sealed child or application. */
import { answer, api } from '@hutong/api';
import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { useHealth } from '../../house/health.ts';
import { useMe } from '../../house/me.ts';

/** Posts to which it can be confided. */
const POSTS = new Set(['county_officer', 'county_approver']);

/** The posts of today in the own unit that may know, one's own among them. */
export function useConfidants() {
  const { me } = useMe();
  const { data: health } = useHealth();
  const on = computed(() => health.value?.today);
  const { data } = useQuery({
    queryKey: computed(() => ['organisation', 'confidants', me.value?.unit, on.value]),
    queryFn: ({ signal }) => {
      const query = { unit: me.value?.unit ?? '', on: on.value ?? '', limit: 200 };
      return answer(api.GET('/api/organisation/appointments', { params: { query }, signal }));
    },
    enabled: computed(() => me.value !== undefined && on.value !== undefined),
  });
  return computed(() => data.value?.items.filter((one) => POSTS.has(one.role)) ?? []);
}
