/** How far an account has come, whose name it is in, and what a fact of an allowance takes. */
import { describe, expect, it } from 'vitest';
import { BENEFITS, codesOf, FACTS, isOfDay, STOPS } from '../src/allowances/facts.ts';
import { type Account, each, isSameName, stateOf } from '../src/allowances/payments.ts';
import { gathered } from '../src/house/language.ts';
import type { Texts } from '../src/house/texts.ts';

const account = (confirmed: string | null, ended: string | null): Account => ({
  id: '1',
  name: '虚构甲',
  holder: '虚构祖父',
  bank: '虚构银行',
  number_end: '0001',
  name_match: 'guardian',
  proposed_at: '2021-11-01T09:00:00+08:00',
  confirmed_at: confirmed,
  ended_at: ended,
  in_force: confirmed !== null && ended === null,
  own: false,
  acts: [],
});

describe('an account', () => {
  it('waits, is in force, is ended, or was never used', () => {
    const day = '2021-11-02T09:00:00+08:00';
    expect(stateOf(account(null, null))).toBe('waits');
    expect(stateOf(account(day, null))).toBe('force');
    expect(stateOf(account(day, day))).toBe('ended');
    expect(stateOf(account(null, day))).toBe('withdrawn');
  });

  it('is in the name it should be in, whatever stands between the letters', () => {
    expect(isSameName(' 阿卜杜拉·虚构 ', '阿卜杜拉虚构')).toBe(true);
    expect(isSameName('儿童福利院(虚构)', '儿童福利院（虚构）')).toBe(true);
    expect(isSameName('虚构祖母', '虚构祖父')).toBe(false);
    expect(isSameName('', '')).toBe(false);
    expect(isSameName('虚构祖父', undefined)).toBe(false);
  });
});

describe('many at once', () => {
  it('go on past one that fails, and say how many were done', async () => {
    const told: number[] = [];
    const act = async (one: number) => {
      if (one === 2) throw new Error('no');
    };
    const found = await each([1, 2, 3], act, (done) => told.push(done));
    expect(found).toMatchObject({ done: 2, left: 1 });
    expect(told).toEqual([1, 2]);
  });
});

describe('a fact', () => {
  it('is of a day or of months, and has the codes of its kind', () => {
    expect(FACTS.filter(isOfDay)).toEqual(['stopped', 'revoked']);
    expect(codesOf('stopped')).toEqual(STOPS);
    expect(codesOf('study')).toEqual([]);
  });

  it('has words for every code, in both languages', () => {
    for (const language of ['zh', 'en'] as const) {
      const { pay, kind, payee, code } = gathered(language).allowances as Record<
        string,
        Record<string, Texts>
      >;
      for (const one of [...STOPS, ...BENEFITS]) expect(pay?.factCode?.[one], one).toBeTruthy();
      for (const one of FACTS) expect(pay?.fact?.[one], one).toBeTruthy();
      for (const one of codesOf('revoked')) expect(pay?.revoked?.[one], one).toBeTruthy();
      for (const one of ['regular', 'arrears', 'recovery']) expect(kind?.[one], one).toBeTruthy();
      for (const one of ['guardian', 'home']) expect(payee?.[one], one).toBeTruthy();
      for (const one of ['no_rate', 'no_birth']) expect(code?.[one], one).toBeTruthy();
    }
  });
});
