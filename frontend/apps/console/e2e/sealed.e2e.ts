/** A sealed child, known to one officer: let known to the approver, paid in a batch of its own, and no trace of it elsewhere. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileFor, load, reply } from './bank.ts';
import { ask, become, type Desk, desk, inOrder, openFile, seated, settled } from './desk.ts';

interface Items<T> {
  items: T[];
}
interface Listed {
  id: string;
  name: string;
}

/** A batch by town and class. */
interface Look {
  parts: Array<{ place: number | null; class: string | null }>;
}

/** The panel that says who knows of the child, in a file that is open. */
async function knowing(page: Page) {
  await page.getByRole('tab', { name: '安置与授权' }).click();
  const panel = page.locator('.panel').filter({ hasText: '知情人员' });
  await panel.waitFor();
  return panel;
}

describe('a child whom one officer knows', () => {
  let officer: Desk;
  let approver: Desk;
  let finance: Desk;
  let child: Listed = { id: '', name: '' };
  let path = '';

  beforeAll(async () => {
    officer = await desk();
    await seated(officer.page, 'county');
    approver = await desk();
    await seated(approver.page, 'county-approver');
    finance = await desk();
    await seated(finance.page, 'county-finance');
    const sealed = '/api/registry/children?category=aids_affected&limit=2';
    const { items } = await ask<Items<Listed>>(officer.page, 'GET', sealed);
    expect(items.length).toBe(1);
    child = items[0] ?? child;
  });
  afterAll(async () => {
    for (const one of [officer, approver, finance]) {
      expect(one.complaints).toEqual([]);
      await one.context.close();
    }
  });

  it('is told by that officer to the approver, who did not know of it before', async () => {
    const file = `/api/registry/children/${child.id}?purpose=x`;
    await expect(ask(approver.page, 'GET', file)).rejects.toThrow(/404/);

    const { page } = officer;
    await openFile(page, child.id);
    const panel = await knowing(page);
    expect(await panel.locator('tbody tr').count()).toBe(1);
    await panel.getByText('区县经办').waitFor();
    await inOrder(page);
    await panel.getByRole('button', { name: '告知本单位经办、审批人员' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('告知后不能撤回').waitFor();
    await inOrder(page);
    const choice = dialog.getByLabel('告知谁');
    const label = await choice.locator('option').filter({ hasText: '区县审批' }).first().textContent();
    await choice.selectOption({ label: label?.trim() ?? '' });
    await dialog.getByRole('button', { name: '确定告知' }).click();
    await panel.getByText('区县审批').waitFor();
    expect(await panel.locator('tbody tr').count()).toBe(2);

    await openFile(approver.page, child.id);
    await (await knowing(approver.page)).getByText('区县经办').waitFor();
    await inOrder(approver.page);
  });

  it('is paid in a batch of its own, which the other approves and finance releases unseeing', async () => {
    const { page } = officer;
    await page.goto('/allowances');
    await page.getByRole('button', { name: '编制批次' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('专项批次').check();
    expect(await dialog.getByLabel('发放月', { exact: true }).inputValue()).toBe('2021-11');
    await dialog.getByLabel('起付月份').fill('2021-11');
    await inOrder(page);
    await dialog.getByRole('button', { name: '编制批次' }).click();
    await page.getByText('已编制，待复核').waitFor();
    await inOrder(page);
    path = new URL(page.url()).pathname;
    expect(await page.getByRole('button', { name: '审批', exact: true }).count()).toBe(0);
    const alone = ask(page, 'POST', `/api${path}/approval`, { version: 1 });
    await expect(alone).rejects.toThrow(/40[349]/);

    await approver.page.goto('/allowances');
    const row = approver.page.locator('tbody tr').filter({ hasText: '专项批次' });
    await row.getByRole('link', { name: '2021-11' }).click();
    await approver.page.getByRole('button', { name: '复核无误' }).click();
    await approver.page.getByText('已复核，待审批').waitFor();
    await approver.page.getByRole('button', { name: '审批', exact: true }).click();
    await approver.page.getByText('已审批，待拨付').waitFor();
    await inOrder(approver.page);

    await finance.page.goto(path);
    await finance.page.getByRole('button', { name: '拨付', exact: true }).click();
    await finance.page.getByText('已拨付，待结清').waitFor();
    await inOrder(finance.page);
    const told = await finance.page.locator('main').textContent();
    for (const secret of [child.name, '艾滋']) expect(told).not.toContain(secret);
    const { parts } = await ask<Look>(finance.page, 'GET', `/api${path}`);
    expect(parts.map(({ place, class: of }) => [place ?? null, of ?? null])).toEqual([[null, null]]);
  });

  it('has its money, as everybody, once a second person confirmed the account', async () => {
    const account = { child: child.id, bank: '虚构银行滕州支行', number: '6217000000000088' };
    const made = await ask<{ id: string }>(officer.page, 'POST', '/api/allowances/accounts', account);
    await ask(approver.page, 'POST', `/api/allowances/accounts/${made.id}/confirmation`);
    const { page } = finance;
    await page.goto(`${path}/payment`);
    const order = await fileFor(page);
    expect(order.lines.map((line) => line.account)).toEqual([account.number]);
    await load(page, reply(order, {}));
    await page.getByText(/到账 1 笔，退回 0 笔。$/).waitFor();
    await inOrder(page);
    expect(await page.locator('main').textContent()).not.toContain(child.name);
  });

  it('leaves no trace for anybody else', async () => {
    const batch = path.split('/').at(-1) ?? '';
    const { page, context, complaints } = await desk();
    for (const login of ['city', 'town', 'auditor']) {
      await seated(page, login);
      const hidden = [`/api${path}`, `/api/registry/children/${child.id}?purpose=x`];
      for (const one of hidden) await expect(ask(page, 'GET', one), one).rejects.toThrow(/404/);
    }
    await become(page, 'city', '/allowances');
    await settled(page);
    expect(await page.getByText('专项批次').count()).toBe(0);
    // The journal tells the auditor of tries alone, those above, which would read the same of ids that are nobody's.
    await seated(page, 'auditor');
    for (const subject of [batch, child.id]) {
      const about = `/api/registry/journal?subject=${subject}`;
      const { items } = await ask<Items<{ refused: boolean }>>(page, 'GET', about);
      expect(items.filter((one) => !one.refused)).toEqual([]);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});
