/** Ledgers on their way to the server, and files on their way back. */
import { answer, api } from '@hutong/api';
import { asSent, type Corrections, correctedName, type Findings } from './corrections.ts';

/** The largest ledger that is checked before it is imported, in bytes. */
export const LARGEST_CHECKED = 20 * 1024 * 1024;
/** The largest ledger at all. */
export const LARGEST = 64 * 1024 * 1024;

export interface About {
  /** The division the ledger is of, as its code. */
  place: number;
  /** The day it states. */
  asOf: string;
}

/** A file's bytes in base64. */
export function base64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

async function body(file: File, about: About, corrections: Corrections) {
  return {
    name: file.name,
    place: about.place,
    as_of: about.asOf,
    content: await base64(file),
    corrections: asSent(corrections),
  };
}

export async function check(file: File, about: About, corrections: Corrections): Promise<Findings> {
  const sent = await body(file, about, corrections);
  return answer(api.POST('/api/registry/ledgers/check', { body: sent }));
}

/** The ledger with its corrections in it and what is still wrong marked. */
export async function marked(file: File, about: About, corrections: Corrections): Promise<Blob> {
  const sent = await body(file, about, corrections);
  return (await answer(
    api.POST('/api/registry/ledgers/marked', { body: sent, parseAs: 'blob' }),
  )) as unknown as Blob;
}

/** Orders the import of a ledger as it is now; the job's id. */
export async function order(
  file: File,
  about: About,
  corrections: Corrections,
  key: string,
): Promise<string> {
  const isCorrected = Object.keys(corrections).length > 0;
  const content = isCorrected ? await marked(file, about, corrections) : file;
  const name = isCorrected ? correctedName(file.name) : file.name;
  return (await answer(api.POST('/api/registry/ledgers', uploading(name, content, about, key)))).id;
}

/** Orders the comparison of a list of the national system; the job's id. */
export async function orderComparison(file: File, about: About, key: string): Promise<string> {
  return (await answer(api.POST('/api/registry/national-lists', uploading(file.name, file, about, key)))).id;
}

/** What lists of other departments are of. */
export const DEPARTMENT_LISTS = ['deaths', 'prison_terms', 'disabilities', 'low_income'] as const;
export type DepartmentList = (typeof DEPARTMENT_LISTS)[number];

/** Orders the comparison of a list of another department; the job's id. */
export async function orderDepartmentList(
  list: DepartmentList,
  file: File,
  about: About,
  key: string,
): Promise<string> {
  const sent = uploading(file.name, file, about, key);
  const params = { ...sent.params, query: { ...sent.params.query, list } };
  return (await answer(api.POST('/api/registry/department-lists', { ...sent, params }))).id;
}

/** What a file is sent with. */
function uploading(name: string, content: Blob, about: About, key: string) {
  return {
    params: {
      query: { place: about.place, as_of: about.asOf, name },
      header: { 'Idempotency-Key': key },
    },
    body: content as never,
    bodySerializer: (bytes: unknown) => bytes as Blob,
    headers: { 'content-type': 'application/octet-stream' },
  };
}

/** Hands a file to the browser to keep. */
export function keep(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn; Chromium 86 wants a moment.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
