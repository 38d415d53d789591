/** A resident id is looked at where it is typed. */
import { describe, expect, it } from 'vitest';
import { misprinted, residentId } from '../../console/e2e/people.ts';
import { flawOf, tidied } from '../src/apply/resident-id.ts';

describe('a resident id as a grandmother types it', () => {
  it('may be one, with blanks, a small x or wide digits', () => {
    for (let serial = 1; serial < 30; serial++) {
      const id = residentId('2013-06-18', serial, '370499');
      expect(flawOf(id)).toBeUndefined();
      expect(flawOf(`${id.slice(0, 6)} ${id.slice(6).toLowerCase()}`)).toBeUndefined();
      expect(flawOf(misprinted(id))).toBe('sum');
    }
    expect(tidied('３７０４９９ x')).toBe('370499X');
  });

  it('is too short, of other signs, or of a day that there is not', () => {
    expect(flawOf('37049920130618')).toBe('length');
    expect(flawOf('没有')).toBe('signs');
    expect(flawOf('37049920130618X001')).toBe('signs');
    expect(flawOf('370499201302300011')).toBe('birth');
    expect(flawOf('370499189912310011')).toBe('birth');
  });
});
