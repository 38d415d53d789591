/** What an officer put right in a ledger that is not yet imported. It lives in the page alone. */
import type { Schemas } from '@hutong/api';

export type Findings = Schemas['LedgerFindings'];
export type FaultyRow = Schemas['RowFindings'];
export type Correction = Schemas['CellCorrection'];

/** By `row:column`. */
export type Corrections = Readonly<Record<string, string>>;

export function cellKey(row: number, column: number): string {
  return `${row}:${column}`;
}

/** The corrections as the server takes them. */
export function asSent(corrections: Corrections): Correction[] {
  return Object.entries(corrections).map(([key, text]) => {
    const [row = 0, column = 0] = key.split(':').map(Number);
    return { row, column, text };
  });
}

/** With this cell put right; what is typed back to what the check saw stays a correction only where it was one. */
export function corrected(
  corrections: Corrections,
  sent: Corrections,
  cell: { row: number; column: number; seen: string; text: string },
): Corrections {
  const key = cellKey(cell.row, cell.column);
  const text = cell.text.trim();
  if (text !== cell.seen) return { ...corrections, [key]: text };
  const { [key]: _gone, ...others } = corrections;
  return key in sent ? { ...others, [key]: text } : others;
}

/** How many cells differ from what was last checked. */
export function unchecked(corrections: Corrections, sent: Corrections): number {
  return Object.entries(corrections).filter(([key, text]) => sent[key] !== text).length;
}

export interface Cell {
  column: number;
  heading: string;
  text: string;
  isLeftOut: boolean;
  messages: string[];
}

/** The faulty cells of a row: one may have several faults. */
export function cellsOf(row: FaultyRow): Cell[] {
  const cells: Cell[] = [];
  for (const fault of row.faults) {
    const known = cells.find((cell) => cell.column === fault.column);
    if (known) {
      known.messages.push(fault.message);
      known.isLeftOut ||= fault.left_out;
    } else {
      const { column, heading, text } = fault;
      cells.push({ column, heading, text, isLeftOut: fault.left_out, messages: [fault.message] });
    }
  }
  return cells;
}

/** A column as a spreadsheet names it: 0 is A, 26 is AA. */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

/** The name of the corrected file: always a workbook of the newer kind. */
export function correctedName(name: string): string {
  return `${name.replace(/\.(xlsx|xls|csv|txt)$/i, '')}.xlsx`;
}
