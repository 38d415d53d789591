/** Where spans lie on a line of years: in per cent of its width. */

export interface Span {
  from: string;
  to?: string | null | undefined;
}

export interface Line {
  /** The first day shown, and the first day no longer shown. */
  from: string;
  to: string;
  /** Where each year begins; not every one is named where there are many. */
  years: Array<{ year: number; at: number; isNamed: boolean }>;
  /** Where today is. */
  today: number;
}

const DAY = 86_400_000;
const MOST_NAMES = 9;

function days(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY;
}

/** A line that holds all spans, from the first year's beginning to the end of the present or latest one. */
export function lineOf(spans: readonly Span[], today: string): Line {
  const known = spans.flatMap((span) => (span.to ? [span.from, span.to] : [span.from]));
  const years = [...known, today].map((day) => Number(day.slice(0, 4)));
  const first = Math.min(...years);
  const after = Math.max(...years) + 1;
  const from = `${String(first).padStart(4, '0')}-01-01`;
  const to = `${String(after).padStart(4, '0')}-01-01`;
  const step = Math.ceil((after - first) / MOST_NAMES);
  const all = Array.from({ length: after - first }, (_, i) => first + i);
  return {
    from,
    to,
    years: all.map((year, i) => ({
      year,
      at: share(`${String(year).padStart(4, '0')}-01-01`, from, to),
      isNamed: i % step === 0,
    })),
    today: share(today, from, to),
  };
}

/** Where a day lies between two others, 0 to 100. */
export function share(day: string, from: string, to: string): number {
  const part = ((days(day) - days(from)) / (days(to) - days(from))) * 100;
  return Math.min(100, Math.max(0, Math.round(part * 100) / 100));
}

/** Where a span lies; one without an end reaches to the line's end. */
export function placed(span: Span, line: Line): { left: string; width: string } {
  const left = share(span.from, line.from, line.to);
  const right = span.to ? share(span.to, line.from, line.to) : 100;
  return { left: `${left}%`, width: `${Math.max(0.5, Math.round((right - left) * 100) / 100)}%` };
}

/** Whether a span holds on a day. */
export function holds(span: Span, day: string): boolean {
  return span.from <= day && (!span.to || day < span.to);
}

/** The last day of a span that ends: the day before the first on which it no longer holds. */
export function lastDay(to: string): string {
  return new Date((days(to) - 1) * DAY).toISOString().slice(0, 10);
}

/** The day after: an officer states the last day, the file keeps the first day after it. */
export function dayAfter(last: string): string {
  return new Date((days(last) + 1) * DAY).toISOString().slice(0, 10);
}
