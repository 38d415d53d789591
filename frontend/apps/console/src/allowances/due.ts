/** What allowances bring to the bell: accounts that somebody else proposed, and that this officer may confirm. */
import { answer, api } from '@hutong/api';
import type { DueSource } from '../house/due.ts';
import { count, dayOf } from '../house/writing.ts';

const sources: DueSource[] = [
  {
    action: 'approve_month',
    ask: async (signal) => {
      const due = await answer(api.GET('/api/allowances/accounts/due', { signal }));
      if (due.count === 0) return [];
      return [
        {
          key: 'accounts',
          standing: 'waiting',
          text: 'allowances.bell.accounts',
          values: { n: count(due.count), since: due.since ? dayOf(due.since) : '' },
          to: '/allowances/accounts',
          count: due.count,
        },
      ];
    },
  },
];

export default sources;
