/** What this browser remembers for its user: choices of looks, nothing about any person. */

type Kept = 'language' | 'text' | 'home';

/** What was kept; nothing where the browser keeps nothing. */
export function kept(what: Kept | `columns.${string}` | `filters.${string}`): string | null {
  try {
    return localStorage.getItem(`hutong.${what}`);
  } catch {
    return null;
  }
}

/** Keeps it no longer. */
export function forget(what: Kept): void {
  try {
    localStorage.removeItem(`hutong.${what}`);
  } catch {
    // Nothing was kept.
  }
}

/** Keeps it, where the browser does. */
export function keep(what: Kept | `columns.${string}` | `filters.${string}`, value: string): void {
  try {
    localStorage.setItem(`hutong.${what}`, value);
  } catch {
    // A browser that keeps nothing starts with the defaults next time.
  }
}
