/** The fields of a file that an officer edits, what of them changed, and what to do when somebody else was quicker. */
import type { Schemas } from '@hutong/api';

export type File = Schemas['ChildView'];

export const GROUPS = {
  person: ['name', 'sex', 'birth', 'resident_id', 'national_number', 'ethnicity'],
  place: ['household', 'residence', 'address'],
  school: ['school', 'school_stage', 'boarding'],
  health: ['health', 'disability_kind', 'disability_level', 'illness'],
  account: ['bank_name', 'bank_account'],
  note: ['note'],
} as const;

export type Group = keyof typeof GROUPS;
export type Field = (typeof GROUPS)[Group][number];

export const FIELDS = Object.values(GROUPS).flat() as Field[];

/** Fields whose value no screen shows: typing replaces it, and only then. */
export const SECRET: readonly Field[] = ['resident_id', 'address', 'bank_account', 'note'];

export type Value = string | number | boolean | null;

/** What the officer has typed so far; a field left alone is not in it. */
export type Draft = Partial<Record<Field, Value>>;

export function isSecret(field: Field): boolean {
  return SECRET.includes(field);
}

/** What a file says of a field; of a secret, nothing. */
export function statedIn(file: File, field: Field): Value {
  if (isSecret(field)) return null;
  return (file as unknown as Record<string, Value | undefined>)[field] ?? null;
}

/** The draft without what is as it was: a text of blanks is none. */
export function changes(file: File, draft: Draft): Draft {
  const changed: Draft = {};
  for (const field of FIELDS) {
    if (!(field in draft)) continue;
    const value = tidied(draft[field] ?? null);
    if (isSecret(field) ? value !== null || isErased(file, draft, field) : value !== statedIn(file, field)) {
      changed[field] = value;
    }
  }
  return changed;
}

/** Whether a secret is taken off the file: null is said, where an untouched one is not in the draft at all. */
function isErased(file: File, draft: Draft, field: Field): boolean {
  return draft[field] === null && file.hidden.includes(field);
}

function tidied(value: Value): Value {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  return text === '' ? null : text;
}

/** The changes as the API takes them: a residence has days of its own and stands beside the fields. */
export function editOf(version: number, changed: Draft): Schemas['ChildEdit'] {
  const { residence, ...fields } = changed;
  return {
    version,
    fields: fields as Schemas['ChildEdit']['fields'],
    ...('residence' in changed && { residence: residence as number | null }),
  };
}

/** A field that two officers changed. */
export interface Conflict {
  field: Field;
  /** As it was read, as it is now, and as the draft has it. */
  read: Value;
  now: Value;
  mine: Value;
}

/** The fields of the draft that somebody else changed since the file was read. */
export function conflicts(read: File, now: File, draft: Draft, said: readonly string[]): Conflict[] {
  const mine = changes(read, draft);
  return FIELDS.filter((field) => field in mine)
    .map((field) => ({
      field,
      read: statedIn(read, field),
      now: statedIn(now, field),
      mine: mine[field] ?? null,
    }))
    .filter((one) =>
      isSecret(one.field) ? said.includes(one.field) : one.read !== one.now && one.now !== one.mine,
    );
}

/** The draft over the new version: what the officer gave up goes, what he keeps stays. */
export function settled(now: File, draft: Draft, given: readonly Field[]): Draft {
  const kept: Draft = {};
  for (const [field, value] of Object.entries(draft) as Array<[Field, Value]>) {
    if (!given.includes(field)) kept[field] = value;
  }
  return changes(now, kept);
}
