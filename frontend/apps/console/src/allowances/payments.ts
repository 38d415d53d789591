/** The money of a month on its way to the payees: accounts, claims, files for the bank, and its answers. */
import { answer, api, onceKey, type Schemas } from '@hutong/api';
import { queries } from '../house/queries.ts';
import { proved } from '../session/proof.ts';

export type Account = Schemas['PayAccountView'];
export type BankFile = Schemas['BankFileView'];
export type Claim = Schemas['ClaimView'];
export type Fact = Schemas['AllowanceFactView'];
export type Money = Schemas['MoneyView'];
export type Recovery = Schemas['PayRecoveryView'];
export type Template = Schemas['TemplateView'];

/** Whose account it is. */
export type Payee = { child: string } | { home: string };

/** The states of a claim: what wants a hand first, what is done last. */
export const CLAIM_STATES = ['returned', 'held', 'ready', 'sent', 'paid'] as const;
export type ClaimState = (typeof CLAIM_STATES)[number];

/** How far an account has come. */
export function stateOf(account: Account): 'force' | 'waits' | 'ended' | 'withdrawn' {
  if (account.in_force) return 'force';
  if (!account.ended_at) return 'waits';
  return account.confirmed_at ? 'ended' : 'withdrawn';
}

/** Whether two names are the same: spaces, dots and brackets do not count. */
export function isSameName(one: string, other: string | undefined): boolean {
  const letters = (text: string) => text.replace(/[\s·•・.()（）]/g, '');
  return other !== undefined && letters(one) !== '' && letters(one) === letters(other);
}

/** All about payment is read anew. A child's statement is not: every reading of it is journalled. */
export function renew(): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey: [subject, what] }) => subject === 'allowances' && what !== 'statement',
  });
}

export function propose(body: Schemas['AccountProposal'], key: string): Promise<unknown> {
  return answer(
    api.POST('/api/allowances/accounts', { params: { header: { 'Idempotency-Key': key } }, body }),
  );
}

/** Takes a step with an account: `confirm` or `end`. */
export function decide(account: Account, act: string): Promise<unknown> {
  const params = { path: { id: account.id } };
  if (act === 'end') return answer(api.POST('/api/allowances/accounts/{id}/end', { params }));
  return proved(() => answer(api.POST('/api/allowances/accounts/{id}/confirmation', { params })));
}

/** What becomes of many, one after the other: how many were done, and the first that was not. */
export async function each<T>(
  all: readonly T[],
  act: (one: T) => Promise<unknown>,
  told: (done: number) => void,
): Promise<{ done: number; left: number; error: unknown }> {
  let done = 0;
  let left = 0;
  let error: unknown;
  for (const one of all) {
    try {
      await act(one);
      done += 1;
      told(done);
    } catch (fault) {
      left += 1;
      error ??= fault;
    }
  }
  return { done, left, error };
}

export async function makeFile(template: string, sealed: boolean, key: string): Promise<string> {
  const params = { header: { 'Idempotency-Key': key } };
  const made = await proved(() =>
    answer(api.POST('/api/allowances/files', { params, body: { template, sealed } })),
  );
  return made.id;
}

export function takeFile(file: BankFile): Promise<Blob> {
  const params = { path: { id: file.id } };
  return proved(() =>
    answer(api.POST('/api/allowances/files/{id}/copy', { params, parseAs: 'blob' })),
  ) as Promise<unknown> as Promise<Blob>;
}

export function enterAnswer(file: BankFile, content: Blob): Promise<unknown> {
  const sent = {
    params: { path: { id: file.id }, header: { 'Idempotency-Key': onceKey() } },
    body: content as never,
    bodySerializer: (bytes: unknown) => bytes as Blob,
    headers: { 'content-type': 'application/octet-stream' },
  };
  return proved(() => answer(api.POST('/api/allowances/files/{id}/returns', sent)));
}

export async function filesForBank(signal: AbortSignal): Promise<BankFile[]> {
  return (await answer(api.GET('/api/allowances/files', { signal }))).items;
}

export async function accountsOf(payee: Payee, signal: AbortSignal): Promise<Account[]> {
  if ('home' in payee) {
    const params = { query: { home: payee.home } };
    return (await answer(api.GET('/api/allowances/accounts', { params, signal }))).items;
  }
  const params = { path: { id: payee.child } };
  return (await answer(api.GET('/api/allowances/children/{id}/accounts', { params, signal }))).items;
}

export async function accountsWaiting(signal: AbortSignal): Promise<Account[]> {
  return (await answer(api.GET('/api/allowances/accounts', { signal }))).items;
}
