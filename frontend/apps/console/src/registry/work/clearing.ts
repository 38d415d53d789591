/** What an officer does about a doubt: which may be settled by the right value at once, and which need a look at the file. */
import { FIELDS, type Field } from '../file/fields.ts';

/** The fields whose right value may be typed beside the doubt; a class and a person have days of their own. */
export function editable(field: string | null | undefined): Field | undefined {
  return FIELDS.find((one) => one === field);
}

/** The text of a code: codes hold dots, which part the keys of texts. */
export function codeKey(code: string): string {
  return `registry.work.code.${code.replace(/\./g, '_')}`;
}

/** The codes by which the list may be narrowed, the doubts of numbers first. */
export const CODES = [
  'id.precision_lost',
  'id.character',
  'id.old_form',
  'id.length',
  'id.region',
  'id.date',
  'id.checksum',
  'id.birth_mismatch',
  'id.sex_mismatch',
  'duplicate.id',
  'duplicate.person',
  'child.ambiguous',
  'child.known_elsewhere',
  'category.unknown',
  'category.conflict',
  'age.over_limit',
  'field.missing',
  'date.unreadable',
  'phone.invalid',
  'bank.luhn',
] as const;
