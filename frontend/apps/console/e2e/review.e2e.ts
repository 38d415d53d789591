/** The quarterly review: a town confirms its children several at once, and the county sees whom nobody has confirmed. */
import { describe, expect, it } from 'vitest';
import { ask, become, desk, inOrder, onPaper } from './desk.ts';
import { type Created, residentId } from './people.ts';

const PAGE = '/allowances/review';

interface Review {
  quarter: string;
  due: string;
  children: number;
  confirmed: number;
}

describe('the quarterly review', () => {
  it('is made by the town for several children at once, each once in the quarter', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'town', PAGE);
    const before = await ask<Review>(page, 'GET', `/api${PAGE}`);
    expect(before).toMatchObject({ quarter: '2021Q4', due: '2021-12-31' });
    const left = before.children - before.confirmed;
    expect(left).toBeGreaterThan(2);
    await page.getByRole('heading', { name: '2021年第四季度确认' }).waitFor();
    await page.getByRole('button', { name: /^待办/ }).click();
    await page.getByText(/2021年第四季度有 \d+ 人未确认/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('待核实').waitFor();
    await inOrder(page);
    await onPaper(page);
    const rows = page.locator('tbody tr');
    const name = await rows.first().locator('.name').textContent();
    for (const at of [0, 1]) await rows.nth(at).getByRole('checkbox').check();
    await page.getByRole('button', { name: '确认所选' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('备注（可不填）').fill('入户见到本人');
    await inOrder(page);
    await dialog.getByRole('button', { name: '确认', exact: true }).click();
    await page.getByText('已确认 2 人。').waitFor();
    await expect
      .poll(async () => (await ask<Review>(page, 'GET', `/api${PAGE}`)).confirmed)
      .toBe(before.confirmed + 2);
    await page.getByRole('button', { name: '已确认', exact: true }).click();
    await page
      .locator('tbody tr')
      .filter({ hasText: name ?? '' })
      .first()
      .waitFor();
    await inOrder(page);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says what a department’s list lacks, in words of a list', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county', PAGE);
    await page.getByLabel('名单内容').selectOption({ label: '死亡人员名单' });
    await page.getByLabel('选择文件').setInputFiles({
      name: '死亡名单（虚构）.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('\uFEFF姓名,死亡日期\n云无号,2021-10-01\n'),
    });
    const job = page.locator('.jobs-list > li').filter({ hasText: '死亡' }).first();
    await job.getByText('未完成').waitFor();
    await job.getByText('未作比对').waitFor();
    expect(await job.textContent()).toContain('身份证号');
    expect(await job.textContent(), 'a list is no ledger').not.toMatch(/台账|村（居）/);
    await inOrder(page);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('finds by the county’s list of low-income households who draws nothing, with what shows it', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county', PAGE);
    const number = residentId('2013-04-09', 829);
    await ask<Created>(page, 'POST', '/api/registry/children', {
      name: '云未享',
      household: 370481106200,
      fields: { sex: 'male', birth: '2013-04-09', resident_id: number },
    });
    await page.getByLabel('名单内容').selectOption({ label: '低收入家庭名单' });
    const rows = [`云未享,${number},2021-01-01`, `云无关,${residentId('1990-01-02', 831)},2021-01-01`];
    await page.getByLabel('选择文件').setInputFiles({
      name: '低收入家庭（虚构）.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\uFEFF姓名,身份证号,享受起始日期\n${rows.join('\n')}`),
    });
    const job = page.locator('.jobs-list > li').filter({ hasText: '低收入家庭名单' }).first();
    await job.getByText('已完成').waitFor();
    expect(await job.locator('.jobs-counts').textContent()).toMatch(/疑点\s*1/);
    await inOrder(page);
    await page.goto('/registry/work-items');
    await page.getByLabel('问题').selectOption({ label: '低收入家庭儿童，未享受保障' });
    const item = page.locator('tbody tr').filter({ hasText: '云未享' });
    await item.getByText('儿童本人').waitFor();
    await inOrder(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
