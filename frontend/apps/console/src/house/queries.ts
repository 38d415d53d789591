/** How questions to the server are asked, kept and given up; the one place that reacts to a problem anywhere. */
import { Problem } from '@hutong/api';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/vue-query';
import { lost, onReturn } from './connection.ts';
import { forget } from './keeping.ts';

let ended: (() => void) | undefined;

/** Who is told when a request finds that the session is over. */
export function onSessionEnded(listener: () => void): void {
  ended = listener;
}

function noticed(error: unknown): void {
  if (!(error instanceof Problem)) return;
  if (error.isAway) lost();
  if (error.isSessionEnded) ended?.();
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: noticed }),
  // Whatever was done may have settled something that waited.
  mutationCache: new MutationCache({
    onError: noticed,
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['due'] }),
  }),
  defaultOptions: {
    queries: {
      // The server says whether it is there, not the browser's guess about the network.
      networkMode: 'always',
      retry: false,
      staleTime: 15_000,
      refetchOnWindowFocus: false,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

onReturn(() => void queries.invalidateQueries());

/** Nothing that was known to one officer is there for the next. */
export function leave(): void {
  queries.clear();
  forget('home');
}
