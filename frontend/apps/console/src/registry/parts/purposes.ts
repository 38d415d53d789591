/** What files are opened and exported for, in the words the journal keeps: the office's own language. */
import { i18n } from '../../house/language.ts';

export const OPENING = ['apply', 'check', 'visit', 'papers', 'pay', 'supervise'] as const;
export const EXPORTING = ['statistics', 'roster', 'check', 'supervise'] as const;
export const CLEARING = ['clear', 'check'] as const;

/** The purpose of a code as the journal gets it. */
export function purposeText(code: string): string {
  const { t } = i18n.global as unknown as {
    t: (key: string, named: object, options: { locale: string }) => string;
  };
  return t(`registry.purpose.${code}`, {}, { locale: 'zh-CN' });
}

// In memory alone: who signs in next states purposes of their own.
const opened = new Map<string, string>();
let last = '';

/** The purpose for which a file is open in this window. */
export function purposeFor(child: string): string | undefined {
  return opened.get(child);
}

export function openFor(child: string, purpose: string): void {
  opened.set(child, purpose);
  last = purpose;
}

/** The purpose stated last, offered first. */
export function lastPurpose(): string {
  return last;
}
