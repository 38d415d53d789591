/** The four groups of the figures, as the bureau counts them. */
import type { Schemas } from '@hutong/api';

export type Tally = Schemas['TallyView'];

export interface Group {
  /** Its text: `home.orphans`. */
  text: string;
  /** The classes it holds. */
  classes: string[];
  /** Its parts, each a class with a text. */
  parts: Array<{ text: string; class: string }>;
}

export const GROUPS: Group[] = [
  {
    text: 'home.orphans',
    classes: ['institution_orphan', 'scattered_orphan'],
    parts: [
      { text: 'home.institution', class: 'institution_orphan' },
      { text: 'home.community', class: 'scattered_orphan' },
    ],
  },
  { text: 'home.unattended', classes: ['de_facto_unattended'], parts: [] },
  { text: 'home.hardship', classes: ['key_hardship'], parts: [] },
  {
    text: 'home.leftBehind',
    classes: ['left_behind'],
    parts: [{ text: 'home.migrants', class: 'migrant' }],
  },
];

/** How many children of a tally hold a class of the group. */
export function inGroup(tally: Tally | undefined, group: Group): number {
  return group.classes.reduce((sum, one) => sum + (tally?.by_category[one] ?? 0), 0);
}

export interface Change {
  before: number;
  new: number;
  moved: number;
  removed: number;
  after: number;
}

/** A group's changes; going from one class to another within the group is none. */
export function changeOf(classes: Schemas['ClassChangeView'][], group: Group): Change {
  const sum = { before: 0, new: 0, moved: 0, removed: 0, after: 0 };
  for (const one of classes.filter((row) => group.classes.includes(row.category))) {
    sum.before += one.before;
    sum.new += one.new;
    sum.moved += one.came - one.went;
    sum.removed += one.removed;
  }
  sum.after = sum.before + sum.new + sum.moved - sum.removed;
  return sum;
}

/** Where the districts of 枣庄 lie, roughly: row and column of a sketch. */
export const SKETCH: Record<number, [row: number, column: number]> = {
  370481000000: [1, 1],
  370406000000: [1, 3],
  370403000000: [2, 1],
  370402000000: [2, 3],
  370404000000: [3, 2],
  370405000000: [3, 3],
};

/** Which of four shades a count has beside the largest. */
export function shadeOf(value: number, largest: number): 1 | 2 | 3 | 4 {
  const share = largest > 0 ? value / largest : 0;
  if (share < 0.25) return 1;
  if (share < 0.5) return 2;
  return share < 0.75 ? 3 : 4;
}
