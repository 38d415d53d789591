/** A raise: proposed by one, its cost seen before another publishes it, and paid back with the next month. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type City, serve } from './city.ts';
import { ask, type Desk, desk, inOrder, legible, signIn } from './desk.ts';

/** A city of its own: what is published here would be paid in the months of the other journeys. */
let city: City;

beforeAll(async () => {
  city = await serve(inject('founded'));
}, 300_000);
afterAll(async () => {
  await city.end();
});

const PAGE = '/allowances/standards';
const TENGZHOU = 370481000000;

interface Items<T> {
  items: T[];
}
interface Cell {
  place: number | null;
  heads: number;
  arrears: string;
}
interface Spent {
  month: string;
  before: string;
  after: string;
}
interface Part {
  kind: string;
  class: string | null;
  children: number;
  amount: string;
}

async function deskOf(login: string): Promise<Desk> {
  const one = await desk(1440, 900, city.office);
  await signIn(one.page, login);
  return one;
}

/** A drawing of one pixel. */
const SCAN = {
  name: '通知（虚构）.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
};

/** Opens the scan of a standard's document, sees that it is drawn, and closes it. */
async function lookAtScan(page: Page, within: Locator): Promise<void> {
  await within.getByRole('button', { name: /^查看原文/ }).click();
  const picture = page.getByRole('dialog').getByRole('img');
  await picture.waitFor();
  expect(await picture.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(1);
  await inOrder(page);
  await page.keyboard.press('Escape');
  await picture.waitFor({ state: 'hidden' });
}

/** A rate waits without its document until whoever proposed it adds the scan. */
async function scannedLater(page: Page): Promise<void> {
  await page.goto(PAGE);
  const draft = { class: 'scattered_orphan', place: 370400000000, monthly: '1700.00', from: '2022-06' };
  await ask(page, 'POST', `/api${PAGE}`, { ...draft, document_title: '关于提高标准的通知（虚构）' });
  await page.reload();
  const waits = page.locator('.panel').filter({ hasText: '待发布' });
  await waits.getByText('未附文件').waitFor();
  await waits.getByRole('button', { name: '附上扫描件' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('文件扫描件').setInputFiles(SCAN);
  await inOrder(page);
  await dialog.getByRole('button', { name: '附上扫描件' }).click();
  await lookAtScan(page, waits);
  await waits.getByRole('button', { name: '撤回' }).click();
  await page.getByText('已撤回。').waitFor();
}

/** From a past month on, what past months bring stands in the chart before the months to come, and in the table. */
async function fromThePast(page: Page, place: number): Promise<void> {
  const chart = page.getByRole('img', { name: /逐月支出/ });
  const work = async (from: string) => {
    await page.getByLabel('起始月份').fill(from);
    await page.getByRole('button', { name: '测算', exact: true }).click();
  };
  await work('2022-03');
  await chart.getByText('往月', { exact: true }).waitFor({ state: 'detached' });
  await work('2021-10');
  await chart.getByText('往月', { exact: true }).waitFor();
  const query = `?place=${place}&from=2021-10&key_hardship=1300.00`;
  const { total } = await ask<{ total: Cell }>(page, 'GET', `/api/allowances/what-if${query}`);
  expect(fen(total.arrears)).toBeGreaterThan(0);
  const row = page.getByRole('row').filter({ hasText: '往月差额' });
  expect(fen((await row.getByRole('cell').nth(1).textContent())?.replaceAll(',', '') ?? '')).toBe(
    fen(total.arrears),
  );
  const [past, first] = [chart.locator('rect.past'), chart.locator('rect.then').first()];
  const [tall, taller] = await Promise.all([past, first].map((one) => one.getAttribute('height')));
  // The bars share one measure.
  const { months } = await ask<{ months: Spent[] }>(page, 'GET', `/api/allowances/what-if${query}`);
  const ratio = fen(total.arrears) / fen(months[0]?.after ?? '');
  expect(Number(tall) / Number(taller)).toBeCloseTo(ratio, 3);
  await inOrder(page);
}

const fen = (amount: string) => Number(amount.replace('.', ''));

describe('a raise', () => {
  it('is weighed before another person publishes it, and the next month pays what past ones lack', async () => {
    const county = await deskOf('county');
    await ask(county.page, 'POST', '/api/allowances/batches', { month: '2021-10', begins: '2021-10' });
    await ask(county.page, 'POST', '/api/allowances/batches', { month: '2021-11' });

    const officer = await deskOf('city');
    await officer.page.goto(PAGE);
    await officer.page.getByRole('button', { name: '提出新标准' }).click();
    const dialog = officer.page.getByRole('dialog');
    await dialog.getByLabel('保障类别').selectOption({ label: '重点困境儿童' });
    await dialog.getByLabel('起始月份').fill('2021-10');
    await dialog.getByLabel('文件名称').fill('关于提高困难群众救助保障水平的通知（虚构）');
    await dialog.getByLabel('文件扫描件（可稍后附上）').setInputFiles({
      ...SCAN,
      buffer: Buffer.from('<html>'),
    });
    await dialog.getByText('自然增长测算').click();
    await dialog.getByLabel('上一年指标（元）').fill('20000');
    await dialog.getByLabel('本年指标（元）').fill('21000');
    await dialog.getByRole('button', { name: '测算', exact: true }).click();
    await dialog.getByText('推算为 1,160.00 元（5.5%）').waitFor();
    expect(await dialog.getByLabel('标准（元/月）').inputValue()).toBe('1160.00');
    await inOrder(officer.page);
    await dialog.getByLabel('标准（元/月）').fill('1210');
    await dialog.getByRole('button', { name: '提出新标准' }).click();
    await dialog.getByText('只接收 PDF、JPEG、PNG、WebP 文件，且内容须与类型一致。').waitFor();
    // It waits already, though without its scan, and is not proposed twice.
    const waits = officer.page.locator('.panel').filter({ hasText: '待发布' });
    await waits.getByText('未附文件').waitFor();
    await dialog.getByLabel('文件扫描件（可稍后附上）').setInputFiles(SCAN);
    await dialog.getByRole('button', { name: '提出新标准' }).click();
    await officer.page.getByText('已提出，等候另一人发布。').waitFor();
    await lookAtScan(officer.page, waits);
    expect(await waits.getByRole('button', { name: '附上扫描件' }).count()).toBe(0);

    await waits.getByText('1,100.00 → 1,210.00 元').waitFor();
    await waits.getByText('+10.0%').waitFor();
    await waits.getByText('这条标准是您提出的，不能由您自己发布').waitFor();
    expect(await waits.getByRole('button', { name: '发布', exact: true }).count()).toBe(0);
    await inOrder(officer.page);
    const { items } = await ask<Items<{ id: string; state: string }>>(officer.page, 'GET', `/api${PAGE}`);
    const id = items.find((one) => one.state === 'proposed')?.id;
    const refused = ask(officer.page, 'POST', `/api${PAGE}/${id}/publication`, { verified: true });
    await expect(refused).rejects.toThrow(/40[349]/);
    const effect = await ask<{ total: Cell; cells: Cell[] }>(officer.page, 'GET', `/api${PAGE}/${id}/effect`);
    const own = effect.cells.find((cell) => cell.place === TENGZHOU);
    // October and November were paid at 1100; a child without deductions lacks 2 × 110 yuan.
    expect(own?.heads).toBeGreaterThan(0);
    expect(fen(own?.arrears ?? '')).toBeGreaterThan(0);
    expect(effect.total.heads).toBeGreaterThan(own?.heads ?? 0);

    const approver = await deskOf('city-approver');
    await approver.page.goto(PAGE);
    const panel = approver.page.locator('.panel').filter({ hasText: '待发布' });
    await panel.getByText('+10.0%').waitFor();
    await lookAtScan(approver.page, panel);
    await panel.getByLabel('我已将金额与文件原文核对一致').check();
    await panel.getByRole('button', { name: '发布', exact: true }).click();
    await approver.page.getByText('已发布，此后编制的批次按新标准发放。').waitFor();
    const row = approver.page.getByRole('row').filter({ hasText: '1,210.00' });
    await row.getByText('现行').waitFor();
    await lookAtScan(approver.page, row);
    await inOrder(approver.page);

    const next = { month: '2021-12' };
    const batch = await ask<{ id: string }>(county.page, 'POST', '/api/allowances/batches', next);
    const look = await ask<{ parts: Part[] }>(county.page, 'GET', `/api/allowances/batches/${batch.id}`);
    const arrears = look.parts.filter((part) => part.kind === 'arrears' && part.class === 'key_hardship');
    expect(arrears.reduce((all, part) => all + fen(part.amount), 0)).toBe(fen(own?.arrears ?? ''));
    expect(arrears.reduce((all, part) => all + part.children, 0)).toBe(own?.heads);
    await county.page.goto(`/allowances/batches/${batch.id}`);
    await county.page.getByText('补发的增减').waitFor();
    await scannedLater(officer.page);
    for (const one of [county, officer, approver]) {
      expect(one.complaints).toEqual([]);
      await one.context.close();
    }
  });

  it('is tried out by an officer and by finance, month by month and by district, before anybody proposes it', async () => {
    for (const [login, place] of [
      ['city', 370400000000],
      ['county-finance', 370481000000],
    ] as const) {
      const { page, context, complaints } = await deskOf(login);
      await page.goto('/allowances/what-if');
      await page.getByRole('heading', { name: '标准测算', level: 1 }).waitFor();
      await page.getByLabel('起始月份').fill('2021-12');
      await page.getByLabel('重点困境儿童（元/月）').fill('一千');
      await page.getByText('请填写金额，最多两位小数。').waitFor();
      await page.getByLabel('重点困境儿童（元/月）').fill('1300');
      await page.getByRole('button', { name: '测算', exact: true }).click();
      await page.getByRole('img', { name: /逐月支出/ }).waitFor();
      const query = `?place=${place}&from=2021-12&key_hardship=1300.00`;
      const found = await ask<{ months: Spent[]; total: Cell & { more: string }; year_more: string }>(
        page,
        'GET',
        `/api/allowances/what-if${query}`,
      );
      expect(found.total.heads).toBeGreaterThan(0);
      // What changes in a month is what the month costs more.
      const [first] = found.months;
      expect(fen(first?.after ?? '') - fen(first?.before ?? '')).toBe(fen(found.total.more));
      expect(found.months.reduce((all, one) => all + fen(one.after) - fen(one.before), 0)).toBe(
        fen(found.year_more),
      );
      const outlook = page.locator('.panel').filter({ hasText: '逐月支出' });
      // Where December is prepared already, its money comes with January's.
      await outlook.getByRole('rowheader', { name: first?.month, exact: true }).waitFor();
      await page.getByRole('rowheader', { name: '滕州市' }).first().waitFor();
      await inOrder(page);
      await page.setViewportSize({ width: 360, height: 800 });
      await legible(page);
      await page.setViewportSize({ width: 1440, height: 900 });
      await fromThePast(page, place);
      await page.evaluate(() => localStorage.setItem('hutong.language', 'en'));
      await page.reload();
      await page.getByRole('heading', { name: 'What if', level: 1 }).waitFor();
      await inOrder(page);
      expect(complaints).toEqual([]);
      await context.close();
    }
  });
});
