/** What applications bring to the bell and the first page: those that wait for this officer, by their due day. */
import { answer, api, type Schemas } from '@hutong/api';
import type { DueItem, DueSource, Standing } from '../house/due.ts';

type Row = Schemas['ApplicationRow'];

/** The nearest are told one by one; the inbox has the rest. */
const TOLD = 20;
const STANDINGS: Record<string, Standing> = { late: 'late', soon: 'at_hand', ahead: 'coming' };

function itemOf(row: Row): DueItem[] {
  const { clock } = row;
  const standing = clock && STANDINGS[clock.standing];
  if (!clock || !standing) return [];
  return [
    {
      key: `application ${row.id}`,
      standing,
      on: clock.due,
      text: 'applications.bell.due',
      words: { leg: `applications.leg.${clock.leg}` },
      name: row.child_name,
      place: row.household_name,
      to: `/applications/${row.id}`,
    },
  ];
}

const sources: DueSource[] = [
  {
    action: 'view_applications',
    ask: async (signal) => {
      const query = { box: 'mine', limit: TOLD };
      const page = await answer(api.GET('/api/applications', { params: { query }, signal }));
      return page.items.flatMap(itemOf);
    },
  },
];

export default sources;
