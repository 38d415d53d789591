/** What the registry brings to the bell: ages that end a status, grants that end, doubtful facts that wait. */
import { answer, api, type Schemas } from '@hutong/api';
import type { DueItem, DueSource, Standing } from '../house/due.ts';
import { count, dayOf } from '../house/writing.ts';

type Row = Schemas['DueRow'];

function itemOf(row: Row): DueItem {
  return {
    key: `${row.kind} ${row.child} ${row.category ?? ''}`,
    standing: row.standing as Standing,
    on: row.on,
    text: row.kind === 'age' ? 'registry.due.age' : 'registry.due.grant',
    words: row.category ? { category: `words.category.${row.category}` } : {},
    name: row.name,
    place: row.household_name,
    to: `/registry/${row.child}`,
  };
}

function waitingOf(due: Schemas['DueView']): DueItem[] {
  const { waiting } = due;
  if (!waiting?.count) return [];
  return [
    {
      key: 'work-items',
      standing: 'waiting',
      text: 'registry.due.doubts',
      values: {
        n: waiting.count >= 500 ? '500+' : count(waiting.count),
        since: waiting.since ? dayOf(waiting.since) : '',
      },
      to: '/registry/work-items',
      count: waiting.count,
      isQuiet: true,
    },
  ];
}

/** Rows beyond those told one by one stand for themselves in one line. */
function restOf(due: Schemas['DueView']): DueItem[] {
  const told = (standing: string) => due.items.filter((row) => row.standing === standing).length;
  return (['late', 'at_hand'] as const).flatMap((standing) => {
    const rest = due[standing] - told(standing);
    const values = { n: count(rest) };
    const to = '/registry?order=oldest';
    return rest > 0
      ? [{ key: `rest ${standing}`, standing, text: 'registry.due.rest', values, to, count: rest }]
      : [];
  });
}

const sources: DueSource[] = [
  {
    action: 'search_children',
    ask: async (signal) => {
      const due = await answer(api.GET('/api/registry/due', { signal }));
      return [...due.items.map(itemOf), ...restOf(due), ...waitingOf(due)];
    },
  },
];

export default sources;
