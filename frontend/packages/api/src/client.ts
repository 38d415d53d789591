/** The one client of the API: same origin, the session's cookie, the reader's language. */
import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '../generated/schema';
import { askedBefore } from './asked.ts';
import { Problem, problemOf } from './problem.ts';

let language = 'zh-CN';

/** The language in which the server explains problems. */
export function speak(chosen: string): void {
  language = chosen;
}

const inLanguage: Middleware = {
  onRequest({ request }) {
    request.headers.set('accept-language', language);
    return request;
  },
};

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  // Asked for at call time, so that a test can replace it.
  fetch: (request) => askedBefore(request) ?? globalThis.fetch(request),
});
api.use(inLanguage);

interface Told<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What was asked for, or a `Problem` thrown. */
export async function answer<T>(asked: Promise<Told<T>>): Promise<T> {
  let told: Told<T>;
  try {
    told = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw Problem.unreachable();
  }
  if (!told.response.ok) throw problemOf(told.response, told.error);
  return told.data as T;
}

/** A fresh `Idempotency-Key`: made once for a form, and sent again with every repeat of it. */
export function onceKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
