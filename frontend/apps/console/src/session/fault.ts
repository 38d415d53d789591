/** What is said to whoever could not be proved. */
import { Problem } from '@hutong/api';

type Say = (key: string, values?: Record<string, unknown>) => string;

/** Whether the second factor is asked for besides the password. */
export function asksSecond(error: unknown): boolean {
  return error instanceof Problem && error.code === 'sign_in.second_factor';
}

/** The fault in a sentence. Being asked for the second factor is none, until one was sent. */
export function unproved(error: unknown, t: Say, hasSentSecond: boolean): string | undefined {
  if (!(error instanceof Problem)) return error ? t('shell.unknown') : undefined;
  if (error.isAway) return t('shell.away');
  if (error.status === 429 && error.retryAfter) return t('session.wait', { seconds: error.retryAfter });
  if (asksSecond(error) && !hasSentSecond) return undefined;
  return error.message || t('shell.unknown');
}

/** Goes on where something is still to be filled in, else at the password. */
export function focusEmpty(form: HTMLElement | undefined): void {
  const inputs = Array.from(form?.querySelectorAll<HTMLInputElement>('input') ?? []);
  const empty = inputs.find((input) => input.value === '');
  (empty ?? inputs.find((input) => input.autocomplete === 'current-password'))?.focus();
}
