/** The bank of the journeys: it reads a file of the CSV template, and answers it. */

export interface BankLine {
  serial: string;
  account: string;
  holder: string;
  amount: string;
}

export interface BankOrder {
  /** The record of totals, as it stands in the file. */
  control: string;
  lines: BankLine[];
}

/** Reads a file; its totals are those of its lines. */
export function read(content: Buffer): BankOrder {
  const text = new TextDecoder('gbk').decode(content);
  const [control = '', , ...rows] = text.trim().split('\r\n');
  const lines = rows.map((row) => {
    const [serial = '', account = '', holder = '', , amount = ''] = row.split(',');
    return { serial, account, holder, amount };
  });
  const [, count, total] = control.split(',');
  const fen = lines.reduce((all, line) => all + Math.round(Number(line.amount) * 100), 0);
  if (Number(count) !== lines.length || Math.round(Number(total) * 100) !== fen) {
    throw new Error(`the totals ${control} are not those of ${lines.length} lines`);
  }
  return { control, lines };
}

/** Answers a file: every line is paid, but those of these accounts. The words of the bank are in UTF-8 here. */
export function reply(order: BankOrder, failed: Record<string, string>): Buffer {
  const rows = order.lines.map(({ serial, account, amount }) => {
    const reason = failed[account];
    return reason ? `${serial},${amount},失败,E03,${reason}` : `${serial},${amount},成功,,`;
  });
  return Buffer.from([order.control, '序号,金额,处理结果,失败代码,失败原因', ...rows].join('\r\n'));
}
