/** Standards: the rates by which months are paid, in the order in which they are read, and what is done with one. */
import { answer, api, type Schemas } from '@hutong/api';
import { base64Of } from '../registry/file/papers.ts';
import { proved } from '../session/proof.ts';

export type Standard = Schemas['StandardRow'];
export type Effect = Schemas['StandardEffect'];
export type WhatIf = Schemas['WhatIfView'];
export type Spent = Schemas['SpentView'];

/** The classes that bring money, in their order. */
export const CASH: readonly string[] = [
  'institution_orphan',
  'scattered_orphan',
  'aids_affected',
  'de_facto_unattended',
  'key_hardship',
];

/** Those that wait for a second person. */
export function waiting(all: Standard[]): Standard[] {
  return all.filter((one) => one.state === 'proposed');
}

/** Those that are decided, and the rulebook's: by class, then by place, the latest first day first. */
export function settled(all: Standard[]): Standard[] {
  const rank = (one: Standard) => CASH.indexOf(one.class);
  return all
    .filter((one) => one.state !== 'proposed')
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        a.place - b.place ||
        b.from.localeCompare(a.from) ||
        (b.announced ?? '').localeCompare(a.announced ?? ''),
    );
}

/** How long a bar is, in hundredths of the longest. */
export function share(amount: string, all: string[]): number {
  const size = (one: string) => Math.abs(Number(one));
  return (100 * size(amount)) / Math.max(1, ...all.map(size));
}

/** An amount as it is sent, `1600` as `1600.00`; nothing where it is none. */
export function amountOf(text: string): string | undefined {
  const [, whole, fen = ''] = /^\s*(\d{1,7})(?:\.(\d{1,2}))?\s*$/.exec(text) ?? [];
  return whole === undefined ? undefined : `${Number(whole)}.${fen.padEnd(2, '0')}`;
}

/** Adds the scan of its document to a standard that the officer proposed. */
export async function attach(id: string, scan: Blob): Promise<unknown> {
  const content = await base64Of(scan);
  return answer(
    api.PUT('/api/allowances/standards/{id}/scan', { params: { path: { id } }, body: { content } }),
  );
}

/** Publishes a standard, proving again who it is: money goes by it. */
export function publish(id: string, verified: boolean): Promise<unknown> {
  const params = { path: { id } };
  const body = { verified };
  return proved(() => answer(api.POST('/api/allowances/standards/{id}/publication', { params, body })));
}

export function refuse(id: string, reason: string): Promise<unknown> {
  const params = { path: { id } };
  return answer(api.POST('/api/allowances/standards/{id}/refusal', { params, body: { reason } }));
}

export function withdraw(id: string): Promise<unknown> {
  const params = { path: { id } };
  return answer(api.POST('/api/allowances/standards/{id}/withdrawal', { params }));
}

/** What rates would bring that nobody proposed: a place, a month, and an amount for each class that changes. */
export function tryOut(
  wanted: { place?: number | undefined; from?: string } & Record<string, string | number | undefined>,
  signal: AbortSignal,
): Promise<WhatIf> {
  const query = { place: 0, from: '', ...wanted } as { place: number; from: string };
  return answer(api.GET('/api/allowances/what-if', { params: { query }, signal }));
}
