/** What is done with a batch, and its amounts as the screens write them. */
import { answer, api, type Schemas } from '@hutong/api';
import { proved } from '../session/proof.ts';

export type Batch = Schemas['BatchRow'];
export type BatchLook = Schemas['BatchView'];

/** `1,234.50`, `−580.00`: yuan with separators and the sign that lines up. */
export function yuan(amount: string): string {
  const [whole = '0', fen = '00'] = amount.replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount.startsWith('-') ? '−' : ''}${grouped}.${fen}`;
}

/** As `yuan`, with a plus before what is more. */
export function difference(amount: string): string {
  return /^[1-9]|^0\.0?[1-9]|^0\.[1-9]/.test(amount) ? `+${yuan(amount)}` : yuan(amount);
}

/** Amounts of yuan added up in fen, so that no fen is lost. */
export function sum(amounts: string[]): string {
  const fen = amounts.reduce((all, amount) => all + BigInt(amount.replace('.', '')), 0n);
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0');
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Takes a step, proving again who it is where money leaves the house. */
export function take(batch: Batch, act: string): Promise<unknown> {
  const params = { path: { id: batch.id } };
  const body = { version: batch.version };
  if (act === 'review') return answer(api.POST('/api/allowances/batches/{id}/review', { params, body }));
  if (act === 'approve') {
    return proved(() => answer(api.POST('/api/allowances/batches/{id}/approval', { params, body })));
  }
  const entry = { ...body, act };
  return proved(() => answer(api.POST('/api/allowances/batches/{id}/release', { params, body: entry })));
}

/** `2021-12` is followed by `2022-01`. */
export function monthAfter(month: string): string {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}

/** The month after the last of these batches, of which the latest comes first; the present one where there is none. */
export function nextMonth(batches: readonly Batch[], today: string): string {
  const last = batches[0]?.month;
  return last ? monthAfter(last) : today.slice(0, 7);
}

/** The stages of a batch, in their order. */
export const STAGES: readonly string[] = [
  'prepared',
  'reviewed',
  'approved',
  'released',
  'settled',
  'closed',
];

/** Whether a batch's table may be published: once it is approved, and never the special one's. */
export function isPublished(batch: Batch): boolean {
  return !batch.sealed && STAGES.indexOf(batch.stage) >= STAGES.indexOf('approved');
}

/** Whether a batch is on its way to the payees. */
export function isReleased(batch: Batch): boolean {
  return STAGES.indexOf(batch.stage) >= STAGES.indexOf('released');
}

export type Part = BatchLook['parts'][number];

/** Whether a part is of this kind. */
export function isOfKind(kind: string): (part: Part) => boolean {
  return (part) => part.kind === kind;
}

/** A place's amounts: regular ones by class, arrears and recoveries of all classes together; none where nothing is. */
export interface PlaceRow {
  place: number | null | undefined;
  name: string | null | undefined;
  regular: Record<string, string>;
  arrears: string | undefined;
  recovery: string | undefined;
  total: string;
}

function rowOf(parts: Part[], classes: string[]): PlaceRow {
  const of = (some: Part[]) => (some.length > 0 ? sum(some.map((part) => part.amount)) : undefined);
  const regular: Record<string, string> = {};
  for (const one of classes) {
    const amount = of(parts.filter((part) => part.kind === 'regular' && (part.class ?? '') === one));
    if (amount !== undefined) regular[one] = amount;
  }
  return {
    place: parts[0]?.place,
    name: parts[0]?.place_name,
    regular,
    arrears: of(parts.filter(isOfKind('arrears'))),
    recovery: of(parts.filter(isOfKind('recovery'))),
    total: sum(parts.map((part) => part.amount)),
  };
}

/** A batch's parts as a table of places and classes, with the classes that occur and the sum of all places. */
export function matrix(parts: Part[]): { classes: string[]; rows: PlaceRow[]; total: PlaceRow } {
  const regular = parts.filter(isOfKind('regular'));
  const classes = [...new Set(regular.map((part) => part.class ?? ''))];
  const places = [...new Set(parts.map((part) => part.place ?? null))];
  const rows = places.map((place) =>
    rowOf(
      parts.filter((part) => (part.place ?? null) === place),
      classes,
    ),
  );
  return { classes, rows, total: rowOf(parts, classes) };
}

/** How long a difference's bar is, in hundredths of half its track, and to which side. */
export function barOf(amount: string, all: string[]): { width: number; isLess: boolean } {
  const size = (one: string) => Math.abs(Number(one));
  const largest = Math.max(1, ...all.map(size));
  return { width: (50 * size(amount)) / largest, isLess: amount.startsWith('-') };
}
