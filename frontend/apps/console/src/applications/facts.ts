/** The facts of an application as the form holds them: an empty field is a fact that is not known. */

export const SITUATIONS = [
  'dead',
  'declared_missing',
  'severe_disability',
  'serious_illness',
  'imprisoned',
  'compulsory_rehab',
  'other_restraint',
  'lost_contact',
  'guardianship_revoked',
  'removed_from_country',
  'working_away',
  'able',
  'unknown',
] as const;

/** Situations that count from a length on, or from a day. */
const DATED = new Set(['imprisoned', 'compulsory_rehab', 'other_restraint', 'lost_contact', 'working_away']);
const TERMED = new Set(['imprisoned', 'compulsory_rehab', 'other_restraint']);

export const PARENTS = ['father', 'mother'] as const;
export const KINDS = [
  'visual',
  'hearing',
  'speech',
  'physical',
  'intellectual',
  'mental',
  'multiple',
] as const;

/** Questions that are answered with yes or no, by the part of the facts they are in. */
export const QUESTIONS = [
  'household.poor',
  'household.minimum_living',
  'child.in_institution',
  'child.major_illness',
  'child.rare_illness',
  'child.hiv_infected',
  'child.studying_full_time',
] as const;

export type Facts = Record<string, Record<string, unknown> | unknown>;

/** Facts as the client's types have a body of free keys. */
export function asSent(facts: Facts): Record<string, never> {
  return facts as Record<string, never>;
}

export const hasSince = (situation: string) => DATED.has(situation);
export const hasMonths = (situation: string) => TERMED.has(situation);

function part(facts: Facts, name: string): Record<string, unknown> {
  return { ...((facts[name] as Record<string, unknown> | undefined) ?? {}) };
}

export function factAt(facts: Facts, name: string, key: string): unknown {
  return part(facts, name)[key];
}

/** The facts with one of them stated, or with nothing forgotten again. */
export function withFact(facts: Facts, name: string, key: string, value: unknown): Facts {
  const next = part(facts, name);
  if (value === undefined || value === '') delete next[key];
  else next[key] = value;
  const all = { ...facts };
  if (Object.keys(next).length > 0) all[name] = next;
  else delete all[name];
  return all;
}

/** A parent in another situation: what belonged to the last one goes with it. */
export function inSituation(facts: Facts, parent: string, situation: string): Facts {
  const bare = { ...facts };
  delete bare[parent];
  return withFact(bare, parent, 'situation', situation);
}
