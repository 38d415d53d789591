/** The bank of the journeys: it takes a file of the CSV template from the page of a payment, reads it, and answers it. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

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

/** Makes a file of the CSV template on the page of a payment, takes it out and reads it as the bank does. */
export async function fileFor(page: Page): Promise<BankOrder> {
  await page.getByRole('combobox', { name: '文件模板' }).selectOption({ value: 'general_csv' });
  await page.getByRole('button', { name: '生成银行文件' }).click();
  await page.getByText(/^已生成 /).waitFor();
  const row = page
    .locator('tbody')
    .filter({ hasText: /待回盘 \d+ 笔/ })
    .locator('tr')
    .first();
  const [taken] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('button', { name: '下载' }).click(),
  ]);
  expect(taken.suggestedFilename()).toMatch(/^370481\d+\.csv$/);
  return read(readFileSync(await taken.path()));
}

/** Loads the bank's answer to the file that waits for one. */
export async function load(page: Page, answer: Buffer): Promise<void> {
  const chosen = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: '导入回盘' }).first().click();
  await (await chosen).setFiles({ name: '回盘.csv', mimeType: 'text/csv', buffer: answer });
}
