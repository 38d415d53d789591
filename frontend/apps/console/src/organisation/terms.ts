/** Terms of office, and what may be done about a post. */
import type { Appointment } from './tree.ts';

export type Standing = 'past' | 'now' | 'ahead';

/** Whether a term holds on a day; its last day counts. */
export function standing(post: { from: string; to?: string | null }, today: string): Standing {
  if (post.to && post.to < today) return 'past';
  return post.from > today ? 'ahead' : 'now';
}

/** Those in force first, then those to come, the past last and the latest of it first. */
export function inOrder(posts: Appointment[], today: string, roles: string[] = []): Appointment[] {
  const rank = { now: 0, ahead: 1, past: 2 };
  return [...posts].sort((a, b) => {
    const order = rank[standing(a, today)] - rank[standing(b, today)];
    return order || roles.indexOf(a.role) - roles.indexOf(b.role) || b.from.localeCompare(a.from);
  });
}

/** A term in words: `2021-11-04 — 2022-11-03`, open without a last day. */
export function term(post: { from?: string | null; to?: string | null }, open: string): string {
  return `${post.from ?? '—'} — ${post.to ?? open}`;
}

/** Who is concerned by a proposal besides the reader. */
interface Concern {
  officer: string;
  proposed_by: string;
}

/** What the reader may do about an open proposal; which unit confirms is the server's to say. */
export function mayDo(proposal: Concern, me: string, can: (action: string) => boolean) {
  const isMine = proposal.proposed_by === me;
  return {
    confirm: can('confirm_appointment') && !isMine && proposal.officer !== me,
    refuse: can('confirm_appointment') && !isMine && proposal.officer !== me,
    withdraw: can('appoint') && isMine,
  };
}
