/** What a problem says to the officer: at its field where it has one, else in a sentence. */
import { Problem } from '@hutong/api';

type Say = (key: string) => string;

/** The server names fields by their codes, which stand in no screen: these have words of ours. */
const AT_FIELD: Record<string, string> = {
  'field.holds_number': 'registry.fault.holdsNumber',
  'edit.contradiction': 'registry.fault.contradiction',
};

/** Codes that say of a field no more than that it does not fit: the words say what is expected there. */
const MISFITS = ['invalid', 'edit.misfit', 'exchange.misfit'];

/** Fields of which something else is expected than plain words. */
export const EXPECTED = [
  'name',
  'sex',
  'birth',
  'resident_id',
  'household',
  'residence',
  'place',
  'category',
  'from',
  'to',
  'on',
  'ends_on',
  'phone',
  'relation',
  'applicant',
  'title',
  'kind',
  'content',
  'note',
  'purpose',
  'reason',
  'code',
  'unit',
  'role',
  'last_day',
  'monthly',
  'number',
  'card',
  'peer_address',
];
const ALIKE: Record<string, string> = { until: 'to', class: 'category' };

/** The sentence for a field at fault, where it has one of ours. */
function wordsOf({ code, field }: Problem): string | undefined {
  if (!field || !MISFITS.includes(code)) return AT_FIELD[code];
  const known = code === 'exchange.misfit' && field === 'address' ? 'peer_address' : (ALIKE[field] ?? field);
  return `registry.expected.${EXPECTED.includes(known) ? known : 'words'}`;
}

/** Whether the officer gave up the proof himself, which is no fault. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Problem && error.code === 'cancelled';
}

/** The fault of a field; nothing, if it is another's. */
export function faultAt(error: unknown, field: string, t: Say): string | undefined {
  if (!(error instanceof Problem) || error.field !== field) return undefined;
  const words = wordsOf(error);
  return words ? t(words) : error.message || t('shell.unknown');
}

/** What is wrong apart from the given fields; nothing, if nothing is, or the officer himself gave up. */
export function saidOf(error: unknown, t: Say, fields: readonly string[] = []): string | undefined {
  if (!error || isCancelled(error)) return undefined;
  if (!(error instanceof Problem)) return t('shell.unknown');
  if (error.field && fields.includes(error.field)) return undefined;
  if (error.isAway) return t('shell.away');
  const words = wordsOf(error);
  return words ? t(words) : error.message || t('shell.unknown');
}

/** Leads to the first field at fault: it may be out of sight of the button that sent the form. */
export function showFault(): void {
  document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus();
}
