/**
 * What allowances bring to the bell: accounts that somebody else proposed, and that this officer may confirm; and the quarter's
 * confirmations that are still to be made, by the end of the quarter.
 */
import { answer, api } from '@hutong/api';
import type { DueSource, Standing } from '../house/due.ts';
import { count, dayOf, quarterOf } from '../house/writing.ts';

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
  {
    action: 'confirm_quarter',
    ask: async (signal) => {
      const review = await answer(api.GET('/api/allowances/review', { signal }));
      const left = review.children - review.confirmed;
      if (left <= 0) return [];
      const { year, nth } = quarterOf(review.quarter);
      return [
        {
          key: `review ${review.quarter}`,
          standing: review.standing as Standing,
          on: review.due,
          text: 'allowances.review.bell',
          values: { year, n: count(left) },
          words: { nth: `allowances.review.nth.${nth}` },
          to: '/allowances/review',
        },
      ];
    },
  },
];

export default sources;
