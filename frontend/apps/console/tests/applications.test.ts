/** The facts form and the doors of acts. */
import { describe, expect, it } from 'vitest';
import { chipOf, needsReason } from '../src/applications/acts.ts';
import { factAt, inSituation, withFact } from '../src/applications/facts.ts';

describe('facts', () => {
  it('tell a no from what nobody has said', () => {
    const poor = withFact({}, 'household', 'poor', false);
    expect(poor).toEqual({ household: { poor: false } });
    expect(withFact(poor, 'household', 'poor', undefined)).toEqual({});
  });

  it('forget a term with the situation it belonged to', () => {
    const imprisoned = withFact(inSituation({}, 'mother', 'imprisoned'), 'mother', 'months', 18);
    expect(factAt(imprisoned, 'mother', 'months')).toBe(18);
    expect(inSituation(imprisoned, 'mother', 'dead')).toEqual({ mother: { situation: 'dead' } });
    expect(inSituation(imprisoned, 'mother', '')).toEqual({});
  });

  it('leave what was there before as it was', () => {
    const before = { father: { situation: 'dead' } };
    withFact(before, 'father', 'situation', 'able');
    expect(before).toEqual({ father: { situation: 'dead' } });
  });
});

describe('acts', () => {
  it('want a word where somebody is turned away', () => {
    for (const act of ['notice', 'doubt', 'return', 'refuse', 'object', 'withdraw'])
      expect(needsReason(act)).toBe(true);
    for (const act of ['accept', 'verify', 'confirm']) expect(needsReason(act)).toBe(false);
  });

  it('show amber within two working days and red when late', () => {
    const clock = {
      leg: 'verify',
      began: '2021-11-01',
      due: '2021-11-04',
      days: 3,
      provisional: false,
      left: 0,
    };
    expect(chipOf({ ...clock, standing: 'soon' })).toBe('due');
    expect(chipOf({ ...clock, standing: 'late' })).toBe('late');
    expect(chipOf({ ...clock, standing: 'ahead' })).toBe('plain');
  });
});
