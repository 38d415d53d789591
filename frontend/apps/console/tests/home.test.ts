/** The figures of the first page, and what is due on it. */
import { describe, expect, it } from 'vitest';
import { changeOf, GROUPS, inGroup, SKETCH, shadeOf } from '../src/home/figures.ts';
import { type DueItem, inOrder, pressing } from '../src/house/due.ts';

const [orphans, unattended] = GROUPS;
if (!orphans || !unattended) throw new Error('the groups of the figures');

describe('a group of the figures', () => {
  it('counts its classes and no other', () => {
    const tally = {
      children: 9,
      by_category: { institution_orphan: 2, scattered_orphan: 5, key_hardship: 4 },
    };
    expect([inGroup(tally, orphans), inGroup(tally, unattended), inGroup(undefined, orphans)]).toEqual([
      7, 0, 0,
    ]);
  });

  it('explains its change: new, changed class, removed; a change within the group is none', () => {
    const row = (
      category: string,
      before: number,
      added: number,
      came: number,
      went: number,
      removed: number,
    ) => ({
      category,
      before,
      new: added,
      came,
      went,
      removed,
      after: before + added + came - went - removed,
    });
    const classes = [
      row('institution_orphan', 10, 1, 2, 0, 0),
      row('scattered_orphan', 20, 0, 1, 2, 3),
      row('key_hardship', 99, 9, 0, 1, 9),
    ];
    expect(changeOf(classes, orphans)).toEqual({ before: 30, new: 1, moved: 1, removed: 3, after: 29 });
  });
});

describe('the sketch of the districts', () => {
  it('has a tile of its own for each of the six', () => {
    const at = Object.values(SKETCH).map((place) => place.join());
    expect([at.length, new Set(at).size]).toEqual([6, 6]);
  });

  it('is darkest where most live, and pale where nobody does', () => {
    expect([0, 24, 25, 50, 75, 100].map((value) => shadeOf(value, 100))).toEqual([1, 1, 2, 3, 4, 4]);
    expect(shadeOf(0, 0)).toBe(1);
  });
});

describe('what is due', () => {
  const item = (key: string, standing: DueItem['standing'], more: Partial<DueItem> = {}): DueItem => ({
    key,
    standing,
    text: 'x',
    to: '/',
    ...more,
  });

  it('stands with the most pressing first, and the earliest of these', () => {
    const all = [
      item('d', 'coming', { on: '2021-11-05' }),
      item('c', 'waiting'),
      item('b', 'late', { on: '2021-11-03' }),
      item('a', 'late', { on: '2021-11-01' }),
      item('e', 'at_hand', { on: '2021-11-04' }),
    ];
    expect(inOrder(all).map((one) => one.key)).toEqual(['a', 'b', 'e', 'c', 'd']);
  });

  it('counts in the bell unless it is yet to come, or only worth a line', () => {
    const all = [
      item('a', 'late', { count: 3 }),
      item('b', 'waiting'),
      item('c', 'coming', { count: 50 }),
      item('d', 'waiting', { count: 7, isQuiet: true }),
    ];
    expect(pressing(all)).toBe(4);
  });
});
