/** Invented people for the journeys. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const SIGNS = '10X98765432';

/** A sound resident id of nobody: region, day of birth, serial. */
export function residentId(birth: string, serial: number, region = '370481'): string {
  const body = `${region}${birth.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((all, weight, at) => all + weight * Number(body[at]), 0);
  return body + SIGNS[sum % 11];
}

/** The same with another last sign, which is wrong. */
export function misprinted(id: string): string {
  return id.slice(0, -1) + (id.endsWith('1') ? '2' : '1');
}

export interface Created {
  id: string;
  version: number;
}
