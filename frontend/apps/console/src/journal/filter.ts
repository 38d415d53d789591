/** Which entries of the journal somebody wants to see. */
export interface JournalFilter {
  officer: string | undefined;
  /** The id of something, or a file number. */
  subject: string | undefined;
  action: string;
  purpose: string;
  first: string;
  last: string;
}

export const UNFILTERED: JournalFilter = {
  officer: undefined,
  subject: undefined,
  action: '',
  purpose: '',
  first: '',
  last: '',
};

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const FILE = /^\d{6}-\d{1,12}$/;

/** Whether a text is the id of something. */
export function isId(text: string): boolean {
  return ID.test(text.trim());
}

/** Whether a text is the number of a file. */
export function isFileNumber(text: string): boolean {
  return FILE.test(text.trim());
}

/** The filter as the server is asked; what is neither an id nor a file number is not asked for. */
export function wantedEntries(filter: JournalFilter) {
  const subject = filter.subject?.trim() ?? '';
  return {
    officer: filter.officer || undefined,
    subject: isId(subject) ? subject : undefined,
    file_number: isFileNumber(subject) ? subject : undefined,
    action: filter.action || undefined,
    purpose: filter.purpose.trim() || undefined,
    first: filter.first || undefined,
    last: filter.last || undefined,
  };
}
