/** Whether a resident id can be one, said where it is typed: a wrong sign found at the end sends somebody back five steps. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const SIGNS = '10X98765432';

export type Flaw = 'signs' | 'length' | 'birth' | 'sum';

/** As it is meant: without blanks, with a capital X and the digits of a Chinese keyboard as others. */
export function tidied(typed: string): string {
  return typed.normalize('NFKC').replace(/\s/g, '').toUpperCase();
}

/** What is wrong with it, nothing where it may be one. The server asks the same, and more. */
export function flawOf(typed: string): Flaw | undefined {
  const id = tidied(typed);
  if (!/^\d*X?$/.test(id)) return 'signs';
  if (id.length !== 18) return 'length';
  if (!isDay(id.slice(6, 14))) return 'birth';
  const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(id[at]), 0);
  return SIGNS[sum % SIGNS.length] === id[17] ? undefined : 'sum';
}

function isDay(digits: string): boolean {
  const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const day = new Date(`${text}T00:00:00Z`);
  return text >= '1900' && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
