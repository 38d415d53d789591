/** The server's own state: its day, whether this is the demonstration, whether its database answers. */
import { answer, api, type Schemas } from '@hutong/api';
import { useQuery } from '@tanstack/vue-query';

export type Health = Schemas['Health'];

export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: () => answer(api.GET('/api/health')),
    staleTime: 60_000,
  });
}
