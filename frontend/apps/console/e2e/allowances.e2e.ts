/** A month of allowances: prepared by one, approved by another, released by a third, its exceptions first. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, become, closeBrowser, desk, inOrder, openBrowser, signIn } from './desk.ts';

beforeAll(openBrowser);
afterAll(closeBrowser);

/** Three children of 西岗镇 of whom nobody knows when they were born, so that no month can be worked out. */
const BIRTHLESS = ['岁不详', '日不明', '生无考'];

describe('the month of a county', () => {
  it('is prepared, refused to whoever prepared it, approved by another and released by finance', async () => {
    const officer = await desk();
    await become(officer.page, 'county', '/allowances');
    for (const name of BIRTHLESS) {
      const child = { name, household: 370481106200, category: 'de_facto_unattended', from: '2021-06-01' };
      await ask(officer.page, 'POST', '/api/registry/children', child);
    }
    await officer.page.getByRole('button', { name: '编制批次' }).click();
    const dialog = officer.page.getByRole('dialog');
    expect(await dialog.getByLabel('发放月', { exact: true }).inputValue()).toBe('2021-11');
    await inOrder(officer.page);
    await dialog.getByRole('button', { name: '编制批次' }).click();
    await officer.page.getByText('已编制，待复核').waitFor({ timeout: 20_000 });
    await inOrder(officer.page);
    const path = new URL(officer.page.url()).pathname;
    const id = path.split('/').at(-1);
    expect(await officer.page.getByRole('button', { name: '审批', exact: true }).count()).toBe(0);
    const refused = ask(officer.page, 'POST', `/api/allowances/batches/${id}/approval`, { version: 1 });
    await expect(refused).rejects.toThrow(/40[349]/);

    const approver = await desk();
    await signIn(approver.page, 'county-approver');
    await approver.page.goto('/allowances');
    await approver.page.getByRole('link', { name: '2021-11' }).click();
    const exceptions = approver.page.locator('.panel').filter({ hasText: '例外：没有算出金额的月份' });
    for (const name of BIRTHLESS) await exceptions.getByText(name).waitFor();
    expect(await exceptions.locator('tbody tr').count()).toBe(BIRTHLESS.length);
    await approver.page.getByRole('button', { name: '复核无误' }).click();
    await approver.page.getByText('已复核，待审批').waitFor();
    await approver.page.getByRole('button', { name: '审批', exact: true }).click();
    await approver.page.getByText('已审批，待拨付').waitFor();
    const [table] = await Promise.all([
      approver.page.waitForEvent('download'),
      approver.page.getByRole('button', { name: '公示表' }).click(),
    ]);
    expect(table.suggestedFilename()).toBe('2021-11滕州市民政局基本生活费公示表.xlsx');
    await inOrder(approver.page);

    const finance = await desk();
    await signIn(finance.page, 'county-finance');
    await finance.page.goto(path);
    await finance.page.getByRole('button', { name: '拨付', exact: true }).click();
    await finance.page.getByText('已拨付，待结清').waitFor();
    // Whoever sees money and no child is told no name.
    expect(await finance.page.getByText(BIRTHLESS[0] ?? '').count()).toBe(0);
    await inOrder(finance.page);
    for (const one of [officer, approver, finance]) {
      expect(one.complaints).toEqual([]);
      await one.context.close();
    }
  });

  it('stands on the statement of a child, line by line', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county');
    const { items } = await ask<{ items: Array<{ id: string }> }>(
      page,
      'GET',
      '/api/registry/children?category=scattered_orphan&limit=1',
    );
    await page.goto(`/registry/${items[0]?.id}`);
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '办理认定申请' });
    await page.getByRole('button', { name: '打开档案' }).click();
    await page.getByRole('tab', { name: '生活费' }).click();
    await page.getByRole('rowheader', { name: '2021-11' }).first().waitFor();
    await inOrder(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
