/** Which entries of the journal somebody wants to see. */
export interface JournalFilter {
  officer: string | undefined;
  subject: string | undefined;
  action: string;
}

export const UNFILTERED: JournalFilter = { officer: undefined, subject: undefined, action: '' };

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is the id of something: what is not cannot be asked for. */
export function isId(text: string): boolean {
  return ID.test(text.trim());
}

/** The filter as the server is asked. */
export function wantedEntries(filter: JournalFilter) {
  const subject = filter.subject?.trim();
  return {
    officer: filter.officer || undefined,
    subject: subject && isId(subject) ? subject : undefined,
    action: filter.action || undefined,
  };
}
