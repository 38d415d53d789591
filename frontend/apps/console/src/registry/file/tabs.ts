/** Going along a row of tabs by the keyboard. */

/** The tab that a key leads to from this one; nothing for keys that lead nowhere. */
export function tabAfter(codes: readonly string[], here: string, key: string): string | undefined {
  const at = codes.indexOf(here);
  if (key === 'ArrowRight') return codes[(at + 1) % codes.length];
  if (key === 'ArrowLeft') return codes[(at - 1 + codes.length) % codes.length];
  if (key === 'Home') return codes[0];
  return key === 'End' ? codes[codes.length - 1] : undefined;
}
