/** What the organisation brings to the bell: proposals that wait for a second person. */
import { answer, api } from '@hutong/api';
import type { DueSource } from '../house/due.ts';
import { dayOf } from '../house/writing.ts';

const sources: DueSource[] = [
  {
    action: 'confirm_appointment',
    ask: async (signal) => {
      const { items } = await answer(api.GET('/api/organisation/proposals', { signal }));
      return items.map((one) => ({
        key: one.id,
        standing: 'waiting' as const,
        on: dayOf(one.proposed_at),
        text: `organisation.due.${one.matter}`,
        name: one.name ?? undefined,
        to: '/organisation/proposals',
      }));
    },
  },
];

export default sources;
