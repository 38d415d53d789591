/** What to say of a failed change beside the button that made it. */
import { Problem } from '@hutong/api';

/** The server's words, or ours where it said nothing. */
export function faultOf(error: unknown, t: (key: string) => string): string | undefined {
  if (!error) return undefined;
  if (!(error instanceof Problem)) return t('shell.unknown');
  if (error.code === 'cancelled' || error.isSessionEnded) return undefined;
  if (error.isAway) return t('shell.away');
  return error.message || t('shell.unknown');
}
