import { describe, expect, it } from 'vitest';
import { gathered } from '../src/house/language.ts';
import { ACTIONS } from '../src/journal/actions.ts';
import { changes, plain } from '../src/journal/changes.ts';
import { isId, UNFILTERED, wantedEntries } from '../src/journal/filter.ts';

const same = (text: string) => text;

describe('what an entry changed', () => {
  it('tells each field that differs, and no other', () => {
    const found = changes(
      { school: '实验小学', sex: 'male' },
      { school: '北辛中学', sex: 'male', note: 'x' },
    );
    expect(found).toEqual([
      { field: 'school', was: '实验小学', now: '北辛中学', isSealed: false },
      { field: 'note', was: undefined, now: 'x', isSealed: false },
    ]);
  });

  it('says of a sealed field that it changed, and no more', () => {
    expect(changes(null, { resident_id: 'changed' })[0]?.isSealed).toBe(true);
    expect(changes({ resident_id: 'changed' }, { resident_id: 'changed' }).length).toBe(1);
  });

  it('writes any value as plain text', () => {
    expect(plain(null, same)).toBe('—');
    expect(plain(true, (word) => ({ yes: '是' })[word] ?? word)).toBe('是');
    expect(plain(['a', 'b'], same)).toBe('a、b');
    expect(plain({ file: '<img src=x>', rows: 3 }, same)).toBe('file <img src=x>；rows 3');
    expect(plain({}, same)).toBe('—');
  });
});

describe('the filter', () => {
  it('asks for whole ids only', () => {
    expect(isId('0190a0c0-0000-7000-8000-000000000001')).toBe(true);
    expect(isId('370481')).toBe(false);
    expect(wantedEntries({ ...UNFILTERED, subject: '3704', action: '' })).toEqual({});
  });

  it('has a word for every action it offers, in both languages', () => {
    for (const language of ['zh', 'en'] as const) {
      const journal = gathered(language).journal as { action: Record<string, Record<string, string>> };
      for (const action of Object.values(ACTIONS).flat()) {
        const [subsystem = '', verb = ''] = action.split('.');
        expect(journal.action[subsystem]?.[verb], action).toBeTruthy();
      }
    }
  });
});
