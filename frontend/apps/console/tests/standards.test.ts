/** Standards in the order in which they are read, and amounts as they are typed. */
import { describe, expect, it } from 'vitest';
import { amountOf, type Standard, settled, share, waiting } from '../src/allowances/standards.ts';

function rate(category: string, place: number, from: string, state: string): Standard {
  return { class: category, place, from, state } as Standard;
}

describe('standards', () => {
  const all = [
    rate('key_hardship', 3704, '2021-01-01', 'rulebook'),
    rate('key_hardship', 3704, '2022-01-01', 'published'),
    rate('key_hardship', 3704, '2023-01-01', 'proposed'),
    rate('scattered_orphan', 370481, '2021-01-01', 'rulebook'),
    rate('scattered_orphan', 3704, '2021-01-01', 'refused'),
  ];

  it('wait apart from those that are decided', () => {
    expect(waiting(all).map((one) => one.from)).toEqual(['2023-01-01']);
    const order = settled(all).map((one) => [one.class, one.place, one.from.slice(0, 4)]);
    expect(order).toEqual([
      ['scattered_orphan', 3704, '2021'],
      ['scattered_orphan', 370481, '2021'],
      ['key_hardship', 3704, '2022'],
      ['key_hardship', 3704, '2021'],
    ]);
  });
});

describe('an amount that is typed', () => {
  it('is sent with its fen, or is none', () => {
    expect(['1600', ' 1600.5 ', '0.05'].map(amountOf)).toEqual(['1600.00', '1600.50', '0.05']);
    expect(['', '-1', '1.005', '1,600', '一千'].map(amountOf)).toEqual(Array(5).fill(undefined));
  });
});

describe('a bar', () => {
  it('is as long as its share of the longest', () => {
    expect(share('50.00', ['100.00', '50.00'])).toBe(50);
    expect(share('0.00', ['0.00'])).toBe(0);
  });
});
