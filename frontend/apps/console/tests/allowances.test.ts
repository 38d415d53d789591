/** Amounts of money as the month's pages write and add them. */
import { describe, expect, it } from 'vitest';
import {
  type Batch,
  barOf,
  difference,
  matrix,
  monthAfter,
  nextMonth,
  type Part,
  sum,
  yuan,
} from '../src/allowances/batches.ts';

describe('amounts', () => {
  it('stand with separators and with a sign that lines up', () => {
    expect(yuan('4188800.00')).toBe('4,188,800.00');
    expect(yuan('-580.00')).toBe('−580.00');
    expect(difference('200.00')).toBe('+200.00');
    expect(difference('0.05')).toBe('+0.05');
    expect(difference('0.00')).toBe('0.00');
    expect(difference('-0.05')).toBe('−0.05');
  });

  it('add up to the fen, however large', () => {
    expect(sum(['4188800.00', '4007040.00'])).toBe('8195840.00');
    expect(sum(['90071992547409.91', '0.02'])).toBe('90071992547409.93');
    expect(sum(['820.00', '-820.05'])).toBe('-0.05');
    expect(sum([])).toBe('0.00');
  });
});

describe('months', () => {
  it('follow one another over the end of a year', () => {
    expect(monthAfter('2021-11')).toBe('2021-12');
    expect(monthAfter('2021-12')).toBe('2022-01');
  });

  it('go on after the latest batch, and begin with the present one', () => {
    const batches = ['2021-12', '2021-11'].map((month) => ({ month }) as Batch);
    expect(nextMonth(batches, '2021-11-04')).toBe('2022-01');
    expect(nextMonth([], '2021-11-04')).toBe('2021-11');
  });
});

describe('the totals of a batch', () => {
  const part = (place: number, of: string | null, kind: string, amount: string): Part => ({
    place,
    place_name: `镇${place}`,
    class: of,
    kind,
    payee: 'guardian',
    lines: 1,
    children: 1,
    amount,
  });
  const parts = [
    part(1, 'scattered_orphan', 'regular', '1600.00'),
    part(1, 'scattered_orphan', 'arrears', '400.00'),
    part(2, 'key_hardship', 'regular', '1100.10'),
    part(2, null, 'recovery', '-200.05'),
  ];

  it('stand by place and class, and add up along both', () => {
    const { classes, rows, total } = matrix(parts);
    expect(classes).toEqual(['scattered_orphan', 'key_hardship']);
    expect(rows.map((row) => row.total)).toEqual(['2000.00', '900.05']);
    expect(rows[1]?.regular).toEqual({ key_hardship: '1100.10' });
    expect(rows[1]?.recovery).toBe('-200.05');
    expect(total.regular).toEqual({ scattered_orphan: '1600.00', key_hardship: '1100.10' });
    expect([total.arrears, total.recovery, total.total]).toEqual(['400.00', '-200.05', '2900.05']);
    expect(sum(rows.map((row) => row.total))).toBe(total.total);
  });

  it('differ by bars of one scale, to the left where there is less', () => {
    expect(barOf('-50.00', ['100.00', '-50.00'])).toEqual({ width: 25, isLess: true });
    expect(barOf('100.00', ['100.00', '-50.00'])).toEqual({ width: 50, isLess: false });
    expect(barOf('0.00', [])).toEqual({ width: 0, isLess: false });
  });
});
