/** What may be done with an application, where it is sent, and how near its day is. */
import { answer, api, type Schemas } from '@hutong/api';

export type Opened = Schemas['ApplicationView'];
export type Clock = NonNullable<Schemas['ApplicationRow']['clock']>;

export const BOXES = ['mine', 'escalated', 'ours', 'provisional', 'unentered', 'all'] as const;
export type Box = (typeof BOXES)[number];

/** The legs that everybody goes through, in their order. */
export const WAY = ['accept', 'verify', 'confirm', 'tell'] as const;

/** The leg that is passed when an application comes to a stage. */
const PASSED_AT: Record<string, (typeof WAY)[number]> = {
  forwarded: 'accept',
  verified: 'verify',
  not_verified: 'verify',
  confirmed: 'confirm',
  refused: 'confirm',
  told: 'tell',
};

/** The legs that are passed, each with the moment; what was sent back to be verified anew is not. */
export function passed(of: Pick<Opened, 'steps' | 'clock'>): Map<string, string> {
  const legs = new Map<string, string>();
  for (const step of of.steps) {
    const leg = PASSED_AT[step.stage];
    if (leg) legs.set(leg, step.at);
  }
  const running = (WAY as readonly string[]).indexOf(of.clock?.leg ?? '');
  for (const leg of running < 0 ? [] : WAY.slice(running)) legs.delete(leg);
  return legs;
}

/** Acts that nothing is done without a word for. */
const REASONED = new Set(['notice', 'doubt', 'return', 'refuse', 'object', 'withdraw']);

export function needsReason(act: string, matter: string): boolean {
  // What ends a class is an event that stands in no fact.
  return REASONED.has(act) || (act === 'propose' && matter === 'termination');
}

/** The chip of a clock: late, due within two working days, or neither. */
export function chipOf(clock: Clock): string {
  if (clock.standing === 'late') return 'late';
  return clock.standing === 'soon' ? 'due' : 'plain';
}

export interface Wanted {
  act: string;
  reason: string;
  outcome?: 'grant' | 'refuse' | undefined;
}

/** Sends an act to whichever door it belongs: the window's, the officer's or the approver's. */
export function take(of: Opened, wanted: Wanted, can: (action: string) => boolean): Promise<unknown> {
  const params = { path: { id: of.id } };
  const reason = wanted.reason.trim() || null;
  const { act } = wanted;
  if (can('decide_application')) {
    return answer(
      api.POST('/api/applications/{id}/decision', { params, body: { version: of.version, act, reason } }),
    );
  }
  if (can('propose_decision') && (act === 'propose' || act === 'return')) {
    const body = { version: of.version, act, reason, outcome: wanted.outcome ?? null };
    return answer(api.POST('/api/applications/{id}/proposal', { params, body }));
  }
  return answer(
    api.POST('/api/applications/{id}/steps', { params, body: { version: of.version, act, reason } }),
  );
}

/** Stages at which the unit that deals with it may change what is stated. */
const OPEN = new Set([
  'draft',
  'submitted',
  'noticed',
  'resubmitted',
  'accepted',
  'forwarded',
  'verified',
  'not_verified',
  'returned',
  'objected',
]);

/** Whether the papers and facts may be changed as far as the stage goes; the server knows whose turn it is. */
export function isOpenToChange(of: Opened): boolean {
  return OPEN.has(of.stage) && of.may.length > 0;
}
