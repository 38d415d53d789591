/** The columns of the list of children, chosen by its reader and kept in the browser. */
import { keep, kept } from '../../house/keeping.ts';

export const COLUMNS = [
  'sex',
  'age',
  'birth',
  'resident_id',
  'categories',
  'household',
  'residence',
  'file_number',
] as const;

export type Column = (typeof COLUMNS)[number];

const USUAL: Column[] = ['sex', 'age', 'birth', 'resident_id', 'categories', 'household', 'residence'];

/** The chosen columns in the table's order; the name is always there. */
export function chosenColumns(): Column[] {
  const text = kept('columns.registry');
  if (text === null) return USUAL;
  const names = text.split(' ');
  return COLUMNS.filter((column) => names.includes(column));
}

export function chooseColumns(chosen: readonly Column[]): Column[] {
  keep('columns.registry', chosen.join(' '));
  return COLUMNS.filter((column) => chosen.includes(column));
}
