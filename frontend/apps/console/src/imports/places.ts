/** The places whose ledgers an officer may import: the unit's division and those right below it. */
import { answer, api } from '@hutong/api';
import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { useMe } from '../house/me.ts';
import { whole } from '../organisation/whole.ts';

export interface Place {
  code: number;
  name: string;
}

export function usePlaces() {
  const { me } = useMe();
  const own = computed<Place | undefined>(() => {
    const seat = me.value?.seat[me.value.seat.length - 1];
    return seat && { code: seat.division, name: seat.name };
  });
  const { data: below } = useQuery({
    queryKey: ['organisation', 'divisions-below', computed(() => own.value?.code)],
    queryFn: ({ signal }) =>
      whole((cursor) => {
        const query = { below: own.value?.code, cursor, limit: 200 };
        return answer(api.GET('/api/organisation/divisions', { params: { query }, signal }));
      }),
    enabled: () => own.value !== undefined,
    staleTime: 10 * 60_000,
  });
  const places = computed<Place[]>(() => [
    ...(own.value ? [own.value] : []),
    ...(below.value ?? []).map(({ code, name }) => ({ code, name })),
  ]);
  const nameOf = (code: number) => places.value.find((place) => place.code === code)?.name ?? String(code);
  return { own, places, nameOf };
}
