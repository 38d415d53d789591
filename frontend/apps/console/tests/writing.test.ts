import { describe, expect, it } from 'vitest';
import {
  ageOn,
  count,
  dayInWords,
  lastMonthEnd,
  marksOf,
  momentOf,
  monthsBefore,
  quarterOf,
  signed,
} from '../src/house/writing.ts';
import { firstPage } from '../src/session/next.ts';
import { codeAt } from '../src/session/totp.ts';

describe('numbers and days', () => {
  it('are written as offices read them', () => {
    expect([count(1199), count(0), count(null)]).toEqual(['1,199', '0', '—']);
    expect([signed(7), signed(-31), signed(0)]).toEqual(['+7', '−31', '0']);
    expect(dayInWords('2021-11-04', 'zh-CN')).toBe('2021年11月4日');
    expect(dayInWords('2021-11-04', 'en')).toBe('4 November 2021');
  });

  it('stand in lists as the language does', () => {
    expect([marksOf('zh-CN').list, marksOf('en').list]).toEqual(['、', ', ']);
  });

  it('are Shanghai days whatever the machine thinks', () => {
    expect(momentOf('2021-11-03T16:30:00Z')).toBe('2021-11-04 00:30');
  });

  it('count months by their ends', () => {
    expect(monthsBefore('2021-03-31', 1)).toBe('2021-02-28');
    expect(monthsBefore('2021-01-15', 1)).toBe('2020-12-15');
    expect(lastMonthEnd('2021-11-04')).toBe('2021-10-31');
    expect(quarterOf('2021Q4')).toEqual({ year: '2021', nth: 'q4' });
  });

  it('count years on the birthday, not before', () => {
    expect([ageOn('2012-03-14', '2021-03-13'), ageOn('2012-03-14', '2021-03-14')]).toEqual([8, 9]);
  });
});

describe('after the sign-in', () => {
  it('one goes to a page of ours or home', () => {
    expect(firstPage('/registry?x=1')).toBe('/registry?x=1');
    for (const foreign of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      undefined,
      '/sign-in',
    ]) {
      expect(firstPage(foreign)).toBe('/');
    }
  });
});

describe('a code of the demonstration', () => {
  it('is that of the standard', async () => {
    expect(await codeAt('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 59_000)).toBe('287082');
    expect(await codeAt('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 1_111_111_109_000)).toBe('081804');
  });
});
