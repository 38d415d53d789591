/** What an office records of an allowance: its kinds, and the codes its screens offer. */

export const FACTS = ['stopped', 'suspended', 'benefit', 'study', 'revoked'] as const;
export type FactKind = (typeof FACTS)[number];

/** Why an allowance is stopped; `parent_found` is on the rulebook's list of those that end a month earlier. */
export const STOPS = [
  'adopted',
  'parent_found',
  'care_resumed',
  'moved_out',
  'deceased',
  'earning',
  'other',
] as const;

/** Other benefits, by the codes that the rulebook deducts by. */
export const BENEFITS = ['minimum_living', 'destitute', 'severe_disability', 'disability_hardship'] as const;

/** Whether a fact is of a day; the others are of months. */
export function isOfDay(kind: FactKind): boolean {
  return kind === 'stopped' || kind === 'revoked';
}

/** The codes to choose from; none where the kind has none. */
export function codesOf(kind: FactKind): readonly string[] {
  if (kind === 'stopped') return STOPS;
  if (kind === 'benefit') return BENEFITS;
  return kind === 'revoked' ? ['recognised', 'stopped'] : [];
}
