/** What an entry changed, field by field. */
import type { Marks } from '../house/writing.ts';

/** The word that stands in an entry for a sealed value. */
const SEALED = 'changed';

export interface Change {
  field: string;
  was: unknown;
  now: unknown;
  /** Whether the values are kept from the journal: all one learns is that they changed. */
  isSealed: boolean;
}

type Fields = Record<string, unknown> | null | undefined;

/** The fields of both sides; a field that stayed as it was is not told. */
export function changes(before: Fields, after: Fields): Change[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const all: Change[] = [];
  for (const field of fields) {
    const was = before?.[field];
    const now = after?.[field];
    const isSealed = now === SEALED || was === SEALED;
    if (isSealed || JSON.stringify(was ?? null) !== JSON.stringify(now ?? null)) {
      all.push({ field, was, now, isSealed });
    }
  }
  return all;
}

/** A value as plain text: lists and objects in one line, nothing as a dash. */
export function plain(value: unknown, word: (text: string) => string, marks: Marks): string {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'boolean') return word(value ? 'yes' : 'no');
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return word(value);
  if (Array.isArray(value)) {
    const mark = value.some((one) => typeof one === 'object') ? marks.records : marks.list;
    return value.length === 0 ? '—' : value.map((one) => plain(one, word, marks)).join(mark);
  }
  const fields = Object.entries(value as Record<string, unknown>);
  return fields.length === 0
    ? '—'
    : fields.map(([key, one]) => `${word(key)} ${plain(one, word, marks)}`).join(marks.fields);
}
