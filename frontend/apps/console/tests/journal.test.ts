import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gathered } from '../src/house/language.ts';
import { ACTIONS } from '../src/journal/actions.ts';
import { changes, plain } from '../src/journal/changes.ts';
import { isId, UNFILTERED, wantedEntries } from '../src/journal/filter.ts';

const same = (text: string) => text;
const MARKS = { records: '；', fields: '，', list: '、' };

/** What the program's own source says somewhere, or its migrations: the first part of each place that fits. */
function written(pattern: RegExp, where = /^\w+\/src\/.*\.rs$/): string[] {
  const crates = join(import.meta.dirname, '../../../../crates');
  const sources = readdirSync(crates, { recursive: true, encoding: 'utf8' }).filter((path) =>
    where.test(path),
  );
  return sources.flatMap((path) =>
    [...readFileSync(join(crates, path), 'utf8').matchAll(pattern)].map((found) => found[1] ?? ''),
  );
}

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
    expect(plain(null, same, MARKS)).toBe('—');
    expect(plain(true, (word) => ({ yes: '是' })[word] ?? word, MARKS)).toBe('是');
    expect(plain(['a', 'b'], same, MARKS)).toBe('a、b');
    expect(plain({ file: '<img src=x>', rows: 3 }, same, MARKS)).toBe('file <img src=x>，rows 3');
    expect(plain({}, same, MARKS)).toBe('—');
  });

  it('says in words what is sealed within a record, and keeps one record apart from the next', () => {
    const relatives = [{ name: '虚构父', resident_id: 'changed' }, { name: '虚构母' }];
    const { word } = gathered('zh').journal as { word: Record<string, string> };
    expect(plain(relatives, (text) => word[text] ?? text, MARKS)).toBe(
      'name 虚构父，resident_id 已更改（密存，不记值）；name 虚构母',
    );
    expect((gathered('en').journal as { word: Record<string, string> }).word.changed).toBeTruthy();
  });
});

describe('the filter', () => {
  it('names no two actions alike', () => {
    for (const language of ['zh', 'en'] as const) {
      const { action } = gathered(language).journal as { action: Record<string, Record<string, string>> };
      for (const codes of Object.values(ACTIONS)) {
        const named = codes.map((code) => action[code.split('.')[0] ?? '']?.[code.split('.')[1] ?? '']);
        expect(new Set(named).size, named.join()).toBe(named.length);
      }
    }
  });

  it('asks for whole ids only', () => {
    expect(isId('0190a0c0-0000-7000-8000-000000000001')).toBe(true);
    expect(isId('370481')).toBe(false);
    expect(wantedEntries({ ...UNFILTERED, subject: '3704', action: '' })).toEqual({});
  });

  it('has a word for all that it offers and that the program writes into it, in both languages', () => {
    const entered = written(/(?:Entry::new|entry_of|\.entry|\.refuse)\(\s*"([a-z]+\.[a-z_]+)"/g);
    const refused = written(/"([a-z]+\.(?:[a-z_]+_(?:refused|not_allowed)|refused_to_officer))"/g);
    // The database writes some itself; one of these names is what it writes for, and no action.
    const migrations = /^store\/migrations\/.*\.sql$/;
    const functions = written(
      /'((?:organisation|registry|applications|allowances|exchange)\.[a-z_]+)'/g,
      migrations,
    ).filter((code) => code !== 'exchange.inbox');
    const kinds = written(/Subject::new\(\s*"([a-z_]+)"/g);
    // An operation that the caller's role does not have is named by its part of the system alone.
    const parts = written(/Operation::\w+\(\s*"(\w+)\.\w+"/g).filter(
      (part) => part !== 'public' && part !== 'health',
    );
    for (const found of [entered, refused, functions, kinds, parts]) expect(found.length).toBeGreaterThan(10);
    for (const language of ['zh', 'en'] as const) {
      const { action, kind, part } = gathered(language).journal as {
        action: Record<string, Record<string, string>>;
        kind: Record<string, string>;
        part: Record<string, string>;
      };
      for (const code of [...Object.values(ACTIONS).flat(), ...entered, ...refused, ...functions]) {
        const [subsystem = '', verb = ''] = code.split('.');
        expect(action[subsystem]?.[verb], code).toBeTruthy();
      }
      for (const code of kinds) expect(kind[code], code).toBeTruthy();
      for (const code of parts) expect(part[code], code).toBeTruthy();
    }
  });
});
