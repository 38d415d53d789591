/** Where somebody goes who has signed in: to a page of ours, whatever the address says. */
export function firstPage(next: unknown): string {
  const path = typeof next === 'string' ? next : '/';
  const isOurs = /^\/(?![/\\])/.test(path) && !path.startsWith('/sign-in');
  return isOurs ? path : '/';
}
