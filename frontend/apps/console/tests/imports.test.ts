import { describe, expect, it } from 'vitest';
import {
  asSent,
  cellsOf,
  columnName,
  corrected,
  correctedName,
  unchecked,
} from '../src/imports/corrections.ts';
import { countsOf, isUnderWay, type Job } from '../src/imports/jobs.ts';
import { fresh, isUnsent } from '../src/imports/ledgers.ts';

const cell = (text: string) => ({ row: 3, column: 2, seen: '没有的村', text });

describe('corrections', () => {
  it('hold what differs from what the check saw', () => {
    const one = corrected({}, {}, cell(' 曹沃村 '));
    expect(asSent(one)).toEqual([{ row: 3, column: 2, text: '曹沃村' }]);
    expect(corrected(one, {}, cell('没有的村'))).toEqual({});
  });

  it('keep a correction that was checked and found faulty again', () => {
    const sent = { '3:2': '没有的村' };
    expect(corrected(sent, sent, cell('没有的村'))).toEqual(sent);
    expect(unchecked(sent, sent)).toBe(0);
    expect(unchecked({ ...sent, '4:1': '' }, sent)).toBe(1);
  });

  it('gather the faults of a cell, and whether one keeps the row out', () => {
    const fault = {
      column: 1,
      heading: '身份证号',
      text: '1',
      code: 'id.length',
      left_out: false,
      message: 'a',
    };
    const cells = cellsOf({
      row: 3,
      name: '',
      left_out: true,
      faults: [fault, { ...fault, message: 'b', left_out: true }, { ...fault, column: 2 }],
    });
    expect(cells.map((one) => [one.column, one.messages, one.isLeftOut])).toEqual([
      [1, ['a', 'b'], true],
      [2, ['a'], false],
    ]);
  });

  it('name columns and the corrected file as a spreadsheet does', () => {
    expect([0, 25, 26, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA']);
    expect([correctedName('孤儿.XLS'), correctedName('a.b')]).toEqual(['孤儿.xlsx', 'a.b.xlsx']);
  });
});

describe('ledgers and jobs', () => {
  it('refuse an empty file before anything is sent', () => {
    const ledger = fresh(new File([], 'a.xlsx'));
    expect([ledger.refusal, ledger.state, isUnsent(ledger)]).toEqual(['empty', 'failed', false]);
    expect(fresh(new File(['x'], 'a.xlsx')).state).toBe('checking');
  });

  it('tell the counts that are something, and how many rows there were', () => {
    const job = { state: 'done', result: { rows: 0, registered: 2, changed: 0 } } as unknown as Job;
    expect(countsOf(job)).toEqual([
      { name: 'rows', n: 0 },
      { name: 'registered', n: 2 },
    ]);
    expect(countsOf({ state: 'done', result: null } as unknown as Job)).toEqual([]);
    expect([isUnderWay({ state: 'queued' } as Job), isUnderWay(job)]).toEqual([true, false]);
  });
});
