/** Numbers, days and moments as the screens write them. */

/** `1,199`; nothing as a dash. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : value.toLocaleString('en-US');
}

/** `+7`, `−2`, `0`: with the sign that lines up with the plus. */
export function signed(value: number): string {
  if (value === 0) return '0';
  return value > 0 ? `+${count(value)}` : `−${count(-value)}`;
}

const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });
const MINUTE = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** The legal day of a moment: `2021-11-04`. */
export function dayOf(moment: string): string {
  return DAY.format(new Date(moment));
}

/** A moment to the minute: `2021-11-04 09:16`. */
export function momentOf(moment: string): string {
  return MINUTE.format(new Date(moment));
}

/** A legal day in a sentence: `2021年11月4日`, `4 November 2021`. */
export function dayInWords(day: string, language: string): string {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date) return day;
  if (language !== 'en') return `${year}年${month}月${date}日`;
  const noon = new Date(Date.UTC(year, month - 1, date, 12));
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(noon);
}

/** A legal day so many months earlier, at that month's end at the latest: `2021-03-31` less one is `2021-02-28`. */
export function monthsBefore(day: string, months: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, last));
  return first.toISOString().slice(0, 10);
}

/** `2021Q4`: its year, and which of the four it is as a text's key has it. */
export function quarterOf(quarter: string): { year: string; nth: string } {
  const [year = '', nth = ''] = quarter.split('Q');
  return { year, nth: `q${nth}` };
}

/** The last day of the month before: the day figures are usually told of. */
export function lastMonthEnd(day: string): string {
  const [year = 1970, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, 0)).toISOString().slice(0, 10);
}

/** What stands between the parts of a list in a language: between plain values, fields of one record, records. */
export interface Marks {
  list: string;
  fields: string;
  records: string;
}

const CHINESE: Marks = { list: '、', fields: '，', records: '；' };
const LATIN: Marks = { list: ', ', fields: ', ', records: '; ' };

export function marksOf(language: string): Marks {
  return language === 'en' ? LATIN : CHINESE;
}

/** Completed years of life on a day. */
export function ageOn(birth: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) < birth.slice(5) ? years - 1 : years;
}
