// @vitest-environment happy-dom
import { Problem } from '@hutong/api';
import { beforeEach, describe, expect, it } from 'vitest';
import { ageOn } from '../src/house/writing.ts';
import { chinese } from '../src/registry/chinese.ts';
import { CODES, codeKey, editable } from '../src/registry/doubts/clearing.ts';
import { english } from '../src/registry/english.ts';
import { changes, conflicts, editOf, FIELDS, type File, settled } from '../src/registry/file/fields.ts';
import { LARGEST, sizeWords, unfit } from '../src/registry/file/papers.ts';
import { registrationOf } from '../src/registry/file/registering.ts';
import { dayAfter, holds, lastDay, lineOf, placed } from '../src/registry/file/timeline.ts';
import { chooseColumns, chosenColumns } from '../src/registry/list/columns.ts';
import {
  asked,
  birthsOf,
  filterOf,
  forgetFilter,
  isSame,
  nextOrder,
  orderOf,
  queryOf,
  savedFilters,
  saveFilter,
  sortOf,
} from '../src/registry/list/filters.ts';
import { above } from '../src/registry/parts/places.ts';
import { EXPECTED, faultAt, isCancelled, saidOf } from '../src/registry/parts/problems.ts';
import { purposeText } from '../src/registry/parts/purposes.ts';
import texts from '../src/registry/texts.ts';

const FILE: File = {
  id: '00000000-0000-4000-8000-000000000001',
  file_number: 'ZZ-370481-000001',
  version: 3,
  name: '虚构甲',
  sex: 'female',
  birth: '2012-03-14',
  household: 370481103205,
  residence: null,
  school: '虚构小学',
  boarding: true,
  hidden: ['resident_id', 'note'],
  statuses: [],
  guardians: [],
  relatives: [],
  placements: [],
  grants: [],
  documents: [],
  sealed: false,
  named: [],
};

const same = (key: string) => key;

describe('what a list is narrowed to', () => {
  beforeEach(() => localStorage.clear());

  it('goes into the address and comes back', () => {
    const filter = { within: 370481000000, category: 'left_behind', ageFrom: 6, on: '2021-11-04' };
    expect(filterOf(queryOf(filter))).toEqual(filter);
  });

  it('is sorted by a click on the head of a column, by name as well', () => {
    expect(orderOf({ order: 'names' })).toBe('names');
    expect(orderOf({ order: '1; DROP' })).toBe('villages');
    expect([nextOrder('name', 'villages'), sortOf('name', 'names')]).toEqual(['names', 'ascending']);
    expect(sortOf('name', 'villages')).toBeUndefined();
    expect([nextOrder('age', 'youngest'), nextOrder('sex', 'villages')]).toEqual(['oldest', undefined]);
  });

  it('is not taken from an address that makes no sense', () => {
    const query = {
      within: '1 OR 1',
      category: '<b>',
      sex: ['male'],
      ageFrom: '999',
      on: 'tomorrow',
      q: '张',
    };
    expect(filterOf(query)).toEqual({});
  });

  it.each([
    [6, 6, '2021-11-04'],
    [0, 0, '2021-11-04'],
    [5, 5, '2020-02-29'],
    [4, 9, '2021-02-28'],
    [17, 17, '2021-12-31'],
  ])('finds by birth whoever is %i to %i years old on %s', (from, to, on) => {
    const { born_from: first = '', born_to: last = '' } = birthsOf(from, to, on);
    expect(ageOn(last, on)).toBe(from);
    expect(ageOn(first, on)).toBe(to);
    expect(ageOn(dayAfter(last), on)).toBe(from - 1);
    expect(ageOn(lastDay(first), on)).toBe(to + 1);
  });

  it('is asked of the server as days of birth on the day of the list', () => {
    expect(asked({ ageFrom: 16, sex: 'male' }, '2021-11-04')).toEqual({ sex: 'male', born_to: '2005-11-04' });
    expect(asked({ ageFrom: 16, on: '2020-01-01' }, '2021-11-04')).toEqual({
      on: '2020-01-01',
      born_to: '2004-01-01',
    });
  });

  it('is kept under a name, replaced by the same name, and forgotten', () => {
    saveFilter(' 留守 ', { category: 'left_behind' });
    saveFilter('留守', { category: 'left_behind', sex: 'male' });
    saveFilter('孤儿', { category: 'scattered_orphan' });
    expect(savedFilters().map((one) => one.name)).toEqual(['留守', '孤儿']);
    expect(isSame(savedFilters()[0]?.filter ?? {}, { sex: 'male', category: 'left_behind' })).toBe(true);
    expect(forgetFilter('留守').map((one) => one.name)).toEqual(['孤儿']);
  });

  it('survives a browser that kept something else', () => {
    for (const text of ['{', '"x"', '[null, 3, {"name": 1}, {"name": "x", "filter": {"within": "drop"}}]']) {
      localStorage.setItem('hutong.filters.registry', text);
      expect(savedFilters().every((one) => Object.keys(one.filter).length === 0)).toBe(true);
    }
  });

  it('cuts a name between characters, not within one', () => {
    saveFilter('𠮷'.repeat(30), {});
    expect(savedFilters()[0]?.name).toBe('𠮷'.repeat(20));
  });
});

describe('columns', () => {
  it('are kept in the order of the table, whatever the order of choosing', () => {
    localStorage.clear();
    expect(chosenColumns()).toContain('household');
    expect(chooseColumns(['file_number', 'sex'])).toEqual(['sex', 'file_number']);
    expect(chosenColumns()).toEqual(['sex', 'file_number']);
  });

  it('may all be taken away', () => {
    chooseColumns([]);
    expect(chosenColumns()).toEqual([]);
  });
});

describe('a change to a file', () => {
  it('holds only what differs', () => {
    const draft = { school: ' 虚构小学 ', health: '  ', boarding: false, name: '虚构乙' } as const;
    expect(changes(FILE, draft)).toEqual({ name: '虚构乙', boarding: false });
    expect(changes(FILE, { school: '' })).toEqual({ school: null });
  });

  it('replaces a secret when something is typed and empties it when told to', () => {
    expect(changes(FILE, { note: '', address: null })).toEqual({});
    expect(changes(FILE, { note: null })).toEqual({ note: null });
    expect(changes(FILE, { address: '虚构路' })).toEqual({ address: '虚构路' });
  });

  it('is sent with its version, the residence beside the fields', () => {
    expect(editOf(3, { school: null, residence: 370481100001 })).toEqual({
      version: 3,
      fields: { school: null },
      residence: 370481100001,
    });
    expect(editOf(3, { residence: null })).toEqual({ version: 3, fields: {}, residence: null });
    expect('residence' in editOf(3, { name: '虚构乙' })).toBe(false);
  });

  it('meets another only where both changed the same field to something else', () => {
    const draft = { school: '虚构中学', health: '健康', name: '虚构乙', note: '虚构' } as const;
    const now = { ...FILE, version: 4, school: '虚构学校', ethnicity: '汉族', name: '虚构乙' };
    const clashes = conflicts(FILE, now, draft, ['school', 'name', 'note']);
    expect(clashes.map((one) => one.field)).toEqual(
      ['name', 'school', 'note'].filter((one) => one !== 'name'),
    );
    expect(clashes[0]).toEqual({ field: 'school', read: '虚构小学', now: '虚构学校', mine: '虚构中学' });
  });

  it('keeps the draft but for what is given up', () => {
    const now = { ...FILE, version: 4, school: '虚构学校' };
    const draft = { school: '虚构中学', health: '健康' } as const;
    expect(settled(now, draft, ['school'])).toEqual({ health: '健康' });
    expect(settled(now, draft, [])).toEqual({ school: '虚构中学', health: '健康' });
  });
});

describe('a registration', () => {
  it('needs name and household and sends what is stated', () => {
    expect(registrationOf({ name: ' ' }, '', '')).toBeUndefined();
    expect(registrationOf({ name: '虚构甲' }, '', '')).toBeUndefined();
    const typed = { name: ' 虚构甲 ', household: 370481103205, sex: null, school: ' ', boarding: false };
    expect(registrationOf(typed, 'left_behind', '')).toEqual({
      name: '虚构甲',
      household: 370481103205,
      fields: { boarding: false },
      category: 'left_behind',
    });
  });
});

describe('a line of years', () => {
  const spans = [{ from: '2018-05-21', to: '2021-01-29' }, { from: '2021-01-29' }];

  it('holds every span and today', () => {
    const line = lineOf(spans, '2021-11-04');
    expect([line.from, line.to]).toEqual(['2018-01-01', '2022-01-01']);
    expect(placed({ from: '2018-01-01', to: '2022-01-01' }, line)).toEqual({ left: '0%', width: '100%' });
    expect(placed({ from: '2021-01-29' }, line).left).toMatch(/^7\d/);
    expect(line.today).toBeGreaterThan(90);
    expect(lineOf([], '2021-11-04').years).toHaveLength(1);
  });

  it('names few years of many', () => {
    const line = lineOf([{ from: '1999-01-01' }], '2021-11-04');
    expect(line.years.filter((one) => one.isNamed).length).toBeLessThanOrEqual(9);
  });

  it('knows the last day of what ends on the first day after', () => {
    expect(lastDay('2021-03-01')).toBe('2021-02-28');
    expect(dayAfter('2020-02-28')).toBe('2020-02-29');
    expect(holds({ from: '2021-01-01', to: '2021-02-01' }, '2021-01-31')).toBe(true);
    expect(holds({ from: '2021-01-01', to: '2021-02-01' }, '2021-02-01')).toBe(false);
  });
});

describe('a document', () => {
  it('is not sent when it cannot be kept', () => {
    expect(unfit({ size: 0, type: 'image/png' })).toBe('empty');
    expect(unfit({ size: LARGEST + 1, type: 'image/png' })).toBe('large');
    expect(unfit({ size: 9, type: 'image/svg+xml' })).toBe('type');
    expect(unfit({ size: LARGEST, type: 'application/pdf' })).toBeUndefined();
    expect([sizeWords(10), sizeWords(1_500_000)]).toEqual(['1 kB', '1.4 MB']);
  });
});

describe('problems', () => {
  const misfit = new Problem({ code: 'edit.misfit', status: 422, title: '字段“school”', field: 'school' });

  it('speak at their field in our words, and elsewhere not again', () => {
    expect(faultAt(misfit, 'school', same)).toBe('registry.expected.words');
    expect(faultAt(misfit, 'name', same)).toBeUndefined();
    expect(saidOf(misfit, same, ['school'])).toBeUndefined();
    expect(saidOf(misfit, same, ['name'])).toBe('registry.expected.words');
  });

  it('say of each field what is expected there, in both languages', () => {
    for (const code of ['invalid', 'edit.misfit']) {
      const at = (field: string) =>
        faultAt(new Problem({ code, status: 422, title: '', field }), field, same);
      expect(at('resident_id')).toBe('registry.expected.resident_id');
      expect(at('until')).toBe('registry.expected.to');
      expect(at('address')).toBe('registry.expected.words');
    }
    const peer = new Problem({ code: 'exchange.misfit', status: 422, title: '“address”', field: 'address' });
    expect(faultAt(peer, 'address', same)).toBe('registry.expected.peer_address');
    for (const texts of [chinese, english]) {
      expect(Object.keys(texts.expected).sort()).toEqual([...EXPECTED, 'words'].sort());
    }
  });

  it('say the server’s sentence, and nothing when the officer gave up himself', () => {
    const taken = new Problem({ code: 'registry.id_taken', status: 409, title: '该身份证号已有档案' });
    expect(saidOf(taken, same)).toBe('该身份证号已有档案');
    const cancelled = new Problem({ code: 'cancelled', status: 0, title: '' });
    expect(isCancelled(cancelled)).toBe(true);
    expect(saidOf(cancelled, same)).toBeUndefined();
  });
});

describe('words', () => {
  it('name every field and every doubt in both languages', () => {
    for (const all of [texts.zh, texts.en]) {
      const { field, work } = all as {
        field: Record<string, string>;
        work: { code: Record<string, string> };
      };
      for (const one of FIELDS) expect(field[one], one).toBeTruthy();
      for (const code of CODES) expect(work.code[codeKey(code).split('.').pop() ?? ''], code).toBeTruthy();
    }
  });

  it('give the journal the office’s own language', () => {
    expect(purposeText('visit')).toBe('准备走访');
  });

  it('offer a value only for fields of the file itself', () => {
    expect(editable('birth')).toBe('birth');
    expect(editable('身份证 号码')).toBe('resident_id');
    for (const other of ['guardian_phone', '监护人身份证号', '类别', '村（居）', ''])
      expect(editable(other)).toBeUndefined();
    expect(editable(null)).toBeUndefined();
  });

  it('know the town and county above a village', () => {
    expect(above(370481103205)).toEqual({ town: 370481103000, county: 370481000000 });
    expect(above(370481103000)).toEqual({ county: 370481000000 });
    expect(above(370481000000)).toEqual({});
  });
});
