/** Which children a list shows: kept in the address, so that going back finds the same list, and under names of one's own. */
import { keep, kept } from '../../house/keeping.ts';

/** What a list is narrowed to; everything optional. It names no person. */
export interface ListFilter {
  within?: number | undefined;
  category?: string | undefined;
  sex?: string | undefined;
  /** Completed years on the day of the list. */
  ageFrom?: number | undefined;
  ageTo?: number | undefined;
  /** The day of which classes and ages are told; today without it. */
  on?: string | undefined;
}

export const ORDERS = ['villages', 'names', 'youngest', 'oldest', 'newest'] as const;
export type ListOrder = (typeof ORDERS)[number];

/** Who comes first, as an address says it. */
export function orderOf(query: Record<string, unknown>): ListOrder {
  return ORDERS.find((one) => one === query.order) ?? 'villages';
}

type Sort = 'ascending' | 'descending';

/** How a column is sorted in this order; nothing where it is not. */
export function sortOf(column: string, order: ListOrder): Sort | undefined {
  if (column === 'household') return order === 'villages' ? 'ascending' : undefined;
  if (column === 'name') return order === 'names' ? 'ascending' : undefined;
  if (column === 'age' && order === 'youngest') return 'ascending';
  if (column === 'age' && order === 'oldest') return 'descending';
  if (column === 'birth' && order === 'oldest') return 'ascending';
  if (column === 'birth' && order === 'youngest') return 'descending';
  return column === 'file_number' && order === 'newest' ? 'descending' : undefined;
}

/** The order that a click on a column's head asks for; nothing for a column that nobody sorts by. */
export function nextOrder(column: string, order: ListOrder): ListOrder | undefined {
  if (column === 'household') return 'villages';
  if (column === 'name') return 'names';
  if (column === 'file_number') return 'newest';
  if (column === 'age') return order === 'youngest' ? 'oldest' : 'youngest';
  if (column === 'birth') return order === 'oldest' ? 'youngest' : 'oldest';
  return undefined;
}

/** A filter under a name of the officer's choice. */
export interface SavedFilter {
  name: string;
  filter: ListFilter;
}

export const CATEGORIES = [
  'institution_orphan',
  'scattered_orphan',
  'aids_affected',
  'de_facto_unattended',
  'key_hardship',
  'left_behind',
  'migrant',
] as const;

/** Care statuses bring no allowance and may stand beside a class that does. */
export function isCare(category: string): boolean {
  return category === 'left_behind' || category === 'migrant';
}

const OLDEST = 120;
const MOST_SAVED = 20;
const LONGEST_NAME = 20;

type Query = Record<string, unknown>;

/** Reads a filter from an address; what cannot be read is left out. */
export function filterOf(query: Query): ListFilter {
  const whole = (key: string, most: number): number | undefined => {
    const text = query[key];
    if (typeof text !== 'string' || !/^\d{1,12}$/.test(text)) return undefined;
    const value = Number(text);
    return value <= most ? value : undefined;
  };
  const oneOf = (key: string, codes: readonly string[]): string | undefined => {
    const text = query[key];
    return typeof text === 'string' && codes.includes(text) ? text : undefined;
  };
  const day = query.on;
  return tidy({
    within: whole('within', 999_999_999_999),
    category: oneOf('category', CATEGORIES),
    sex: oneOf('sex', ['male', 'female']),
    ageFrom: whole('ageFrom', OLDEST),
    ageTo: whole('ageTo', OLDEST),
    on: typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : undefined,
  });
}

/** The filter as an address has it. */
export function queryOf(filter: ListFilter): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [key, value] of Object.entries(filter)) {
    if (value !== undefined && value !== '') query[key] = String(value);
  }
  return query;
}

/** Without what is not stated, so that equal filters look alike. */
export function tidy(filter: ListFilter): ListFilter {
  const stated = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(stated) as ListFilter;
}

export function isEmpty(filter: ListFilter): boolean {
  return Object.keys(tidy(filter)).length === 0;
}

/** The days of birth of whoever has these completed years on a day. */
export function birthsOf(
  ageFrom: number | undefined,
  ageTo: number | undefined,
  on: string,
): { born_from?: string; born_to?: string } {
  const births: { born_from?: string; born_to?: string } = {};
  if (ageFrom !== undefined) births.born_to = yearsBefore(on, ageFrom);
  if (ageTo !== undefined) births.born_from = dayAfter(yearsBefore(on, ageTo + 1));
  return births;
}

/** The filter as the API takes it, for a list as well as for an export. */
export function asked(filter: ListFilter, today: string) {
  const { within, category, sex, ageFrom, ageTo, on } = filter;
  return tidyAsked({ within, category, sex, on, ...birthsOf(ageFrom, ageTo, on ?? today) });
}

function tidyAsked<T extends object>(all: T): Partial<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The latest day of birth that makes somebody so old: who was born on 29 February is a year older on 1 March. */
function yearsBefore(day: string, years: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year - years, month, 0)).getUTCDate();
  return iso(year - years, month, Math.min(date, last));
}

function dayAfter(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, date + 1)).toISOString().slice(0, 10);
}

function iso(year: number, month: number, date: number): string {
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(date).padStart(2, '0')].join(
    '-',
  );
}

const SAVED = 'filters.registry';

/** The filters this browser keeps. */
export function savedFilters(): SavedFilter[] {
  try {
    const all: unknown = JSON.parse(kept(SAVED) ?? '[]');
    if (!Array.isArray(all)) return [];
    return all.flatMap((one): SavedFilter[] => {
      const { name, filter } = (one ?? {}) as { name?: unknown; filter?: unknown };
      if (typeof name !== 'string' || typeof filter !== 'object' || filter === null) return [];
      return [{ name, filter: filterOf(queryOf(filter as ListFilter)) }];
    });
  } catch {
    return [];
  }
}

/** Saves a filter under a name, in place of the one that had it. */
export function saveFilter(name: string, filter: ListFilter): SavedFilter[] {
  const called = Array.from(name.trim()).slice(0, LONGEST_NAME).join('');
  const others = savedFilters().filter((one) => one.name !== called);
  const all = [...others, { name: called, filter: tidy(filter) }].slice(-MOST_SAVED);
  keep(SAVED, JSON.stringify(all));
  return all;
}

export function forgetFilter(name: string): SavedFilter[] {
  const all = savedFilters().filter((one) => one.name !== name);
  keep(SAVED, JSON.stringify(all));
  return all;
}

export function isSame(one: ListFilter, other: ListFilter): boolean {
  const text = (filter: ListFilter) => new URLSearchParams(queryOf(tidy(filter)));
  const [a, b] = [text(one), text(other)];
  a.sort();
  b.sort();
  return a.toString() === b.toString();
}
