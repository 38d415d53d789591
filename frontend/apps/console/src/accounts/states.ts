/** The states an officer's account can be in, and what may be done about it. */
import type { Officer, Proposal } from '../organisation/posts.ts';

export type State = 'none' | 'active' | 'locked';
export type Waiting = 'invite' | 'reset_secrets' | undefined;

export function stateOf(officer: Officer): State {
  if (!officer.account) return 'none';
  return officer.account.locked ? 'locked' : 'active';
}

/** The code that is proposed for an officer and waits for its confirmation. */
export function waitingFor(officer: string, proposals: Proposal[]): Waiting {
  const found = proposals.find((one) => one.officer === officer && one.matter !== 'appoint');
  return found?.matter as Waiting;
}

export interface Acts {
  invite: boolean;
  reset: boolean;
  lock: boolean;
  unlock: boolean;
  devices: boolean;
}

/** What the reader may do: nothing about the own account, nothing twice. */
export function actsOn(
  officer: Officer,
  waiting: Waiting,
  me: string,
  can: (action: string) => boolean,
): Acts {
  const state = stateOf(officer);
  const isOther = officer.id !== me;
  const mayPropose = isOther && can('appoint') && waiting === undefined;
  const mayLock = isOther && can('manage_accounts');
  return {
    invite: mayPropose && state === 'none',
    reset: mayPropose && state !== 'none',
    lock: mayLock && state === 'active',
    unlock: mayLock && state === 'locked',
    devices: mayLock && state !== 'none',
  };
}
