/** Finding officers in a list that is already here. */
import type { Officer } from './posts.ts';

/** Those whose name holds a text, at most so many; the chosen one is always among them. */
export function officersNamed(
  officers: Officer[],
  text: string,
  chosen: string | undefined,
  most = 50,
): Officer[] {
  const wanted = text.trim().toLowerCase();
  const found = officers.filter((one) => one.name.toLowerCase().includes(wanted)).slice(0, most);
  const kept = officers.find((one) => one.id === chosen);
  return kept && !found.includes(kept) ? [kept, ...found] : found;
}
