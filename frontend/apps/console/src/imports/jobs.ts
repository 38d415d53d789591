/** Jobs: how far they are, and what they came to. */
import { answer, api, type Schemas } from '@hutong/api';
import { useQuery } from '@tanstack/vue-query';

export type Job = Schemas['JobView'];

/** How often a job under way is asked about. */
const ASK = 2_000;
const SHOWN = 20;

export function isUnderWay(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running';
}

/** The counts of a job, in the order in which one reads them; those that are nothing are left out. */
export function countsOf(job: Job): { name: string; n: number }[] {
  const order = [
    'rows',
    'held',
    'named',
    'doubts',
    'unsound',
    'differences',
    'numbers',
    'registered',
    'changed',
    'linked',
    'unchanged',
    'elsewhere',
    'left_out',
    'work_items',
    'cleared',
    'unknown_states',
    'children',
  ];
  const result = (job.result ?? {}) as Record<string, unknown>;
  return order
    .map((name) => ({ name, n: Number(result[name] ?? 0) }))
    .filter(({ name, n }) => n > 0 || (name === 'rows' && 'rows' in result));
}

/** The key under which the officer's jobs are kept. */
export const JOBS = ['registry', 'jobs'];

/** The officer's own jobs, the latest first; asked again while one is under way. */
export function useJobs() {
  return useQuery({
    queryKey: JOBS,
    queryFn: async ({ signal }) => {
      const query = { limit: SHOWN };
      return (await answer(api.GET('/api/registry/jobs', { params: { query }, signal }))).items;
    },
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? ASK : false),
  });
}
