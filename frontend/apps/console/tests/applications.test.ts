/** The facts form and the doors of acts. */
import { describe, expect, it } from 'vitest';
import { chipOf, needsReason, type Opened, passed } from '../src/applications/acts.ts';
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

describe('legs', () => {
  const step = (stage: string, day: number) => ({
    act: '',
    stage,
    at: `2021-11-0${day}T01:00:00Z`,
    unit: '',
  });
  const running = (leg: string) => ({ leg }) as Opened['clock'];
  const WAY_SO_FAR = [step('submitted', 1), step('forwarded', 2), step('verified', 3), step('proposed', 4)];
  const legs = (steps: Opened['steps'], leg?: string) => [
    ...passed({ steps, clock: leg ? running(leg) : undefined }).keys(),
  ];

  it('are passed one after the other', () => {
    expect(legs([])).toEqual([]);
    expect(legs(WAY_SO_FAR.slice(0, 1), 'accept')).toEqual([]);
    expect(legs(WAY_SO_FAR, 'confirm')).toEqual(['accept', 'verify']);
    expect(legs([...WAY_SO_FAR, step('confirmed', 5), step('told', 6), step('closed', 7)])).toEqual([
      'accept',
      'verify',
      'confirm',
      'tell',
    ]);
  });

  it('are to be gone again when the officer sends it back, and stay passed while an objection is looked into', () => {
    expect(legs([...WAY_SO_FAR.slice(0, 3), step('forwarded', 4)], 'verify')).toEqual(['accept']);
    const objected = [...WAY_SO_FAR, step('confirmed', 5), step('told', 6), step('objected', 7)];
    expect(legs(objected, 'review')).toEqual(['accept', 'verify', 'confirm', 'tell']);
  });

  it('are not passed by what was never accepted', () => {
    expect(legs([step('submitted', 1), step('noticed', 2), step('closed', 3)])).toEqual([]);
  });
});

describe('acts', () => {
  it('want a word where somebody is turned away', () => {
    for (const act of ['notice', 'doubt', 'return', 'refuse', 'object', 'withdraw'])
      expect(needsReason(act, 'recognition')).toBe(true);
    for (const act of ['accept', 'verify', 'confirm', 'propose'])
      expect(needsReason(act, 'recognition')).toBe(false);
    // Only of the end of a class nothing else tells why.
    expect(needsReason('propose', 'termination')).toBe(true);
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
