/** A month of allowances: prepared by one, approved by another, released by a third, and its money until it is there. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileFor, load, reply } from './bank.ts';
import { ask, atEveryWidth, become, type Desk, desk, fits, inOrder, seated, settled } from './desk.ts';

/** Three children of 西岗镇 of whom nobody knows when they were born, so that no month can be worked out. */
const BIRTHLESS = ['岁不详', '日不明', '生无考'];

interface Claim {
  child: string | null;
  name: string;
  amount: string;
}
interface Look {
  batch: { paid: string; recovered: string };
  funding: { parts: Array<{ level: string; amount: string }> };
}
interface Items<T> {
  items: T[];
}

/** The steps of a batch as they follow each other, without their pages. */
async function moved(page: Page, id: string, acts: string[]): Promise<void> {
  for (const act of acts) {
    const path = `/api/allowances/batches/${id}`;
    const { batch } = await ask<{ batch: { version: number } }>(page, 'GET', path);
    const step = { review: 'review', approve: 'approval' }[act] ?? 'release';
    const body = { version: batch.version, ...(step === 'release' && { act }) };
    await ask(page, 'POST', `${path}/${step}`, body);
  }
}

/** Opens the file one was led to, for a purpose. */
async function opened(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '核对发放账户' });
  await page.getByRole('button', { name: '打开档案' }).click();
  await page.locator('#part-allowances').waitFor();
}

describe('the month of a county', () => {
  let officer: Desk;
  let approver: Desk;
  let finance: Desk;
  let path = '';
  let id = '';
  /** Four children whose guardians have accounts; the bank knows two of these accounts. */
  let payees: Claim[] = [];
  /** A fifth, of whom the office learns too late that it was adopted. */
  let adopted: Claim | undefined;
  let next = '';
  const numberOf = (at: number) => `621700000000000${at}`;
  const newNumberOf = (at: number) => `622848000000000${at}`;

  beforeAll(async () => {
    officer = await desk();
    await become(officer.page, 'county', '/allowances');
    approver = await desk();
    finance = await desk();
  });
  afterAll(async () => {
    for (const one of [officer, approver, finance]) {
      expect(one.complaints).toEqual([]);
      await one.context.close();
    }
  });

  it('is prepared, refused to whoever prepared it, approved by another and released by finance', async () => {
    for (const name of BIRTHLESS) {
      const child = { name, household: 370481106200, category: 'de_facto_unattended', from: '2021-06-01' };
      await ask(officer.page, 'POST', '/api/registry/children', child);
    }
    await officer.page.getByRole('button', { name: '编制批次' }).click();
    const dialog = officer.page.getByRole('dialog');
    expect(await dialog.getByLabel('发放月', { exact: true }).inputValue()).toBe('2021-11');
    await inOrder(officer.page);
    await dialog.getByRole('button', { name: '编制批次' }).click();
    await officer.page.getByText('已编制，待复核').waitFor();
    await inOrder(officer.page);
    path = new URL(officer.page.url()).pathname;
    id = path.split('/').at(-1) ?? '';
    expect(await officer.page.getByRole('button', { name: '审批', exact: true }).count()).toBe(0);
    const refused = ask(officer.page, 'POST', `/api/allowances/batches/${id}/approval`, { version: 1 });
    await expect(refused).rejects.toThrow(/40[349]/);

    await become(approver.page, 'county-approver', '/allowances');
    await approver.page.getByRole('link', { name: '2021-11' }).click();
    const exceptions = approver.page.locator('.panel').filter({ hasText: '例外：没有算出金额的月份' });
    for (const name of BIRTHLESS) await exceptions.getByText(name).waitFor();
    expect(await exceptions.locator('tbody tr').count()).toBe(BIRTHLESS.length);
    await approver.page.getByRole('button', { name: '复核无误' }).click();
    await approver.page.getByText('已复核，待审批').waitFor();
    await approver.page.getByRole('button', { name: '审批', exact: true }).click();
    await approver.page.getByText('已审批，待拨付').waitFor();
    const look = await ask<Look>(approver.page, 'GET', `/api/allowances/batches/${id}`);
    const fen = (amount: string) => BigInt(amount.replace('.', ''));
    const parts = look.funding.parts.reduce((all, part) => all + fen(part.amount), 0n);
    expect(parts).toBe(fen(look.batch.paid) + fen(look.batch.recovered));
    const funding = approver.page.locator('.panel').filter({ hasText: '资金来源' });
    await funding.getByText('预算科目：2081001 儿童福利').waitFor();
    await funding.getByText('待核实', { exact: true }).waitFor();
    const [table] = await Promise.all([
      approver.page.waitForEvent('download'),
      approver.page.getByRole('button', { name: '公示表' }).click(),
    ]);
    expect(table.suggestedFilename()).toBe('2021-11滕州市民政局基本生活费公示表.xlsx');
    await inOrder(approver.page);

    await become(finance.page, 'county-finance', path);
    await finance.page.getByRole('button', { name: '拨付', exact: true }).click();
    await finance.page.getByText('已拨付，待结清').waitFor();
    // Whoever sees money and no child is told no name.
    expect(await finance.page.getByText(BIRTHLESS[0] ?? '').count()).toBe(0);
    await inOrder(finance.page);
  });

  it('goes to the bank for those whose account a second person confirmed, and to nobody else', async () => {
    const held = `/api/allowances/claims?batch=${id}&state=held`;
    const { items } = await ask<Items<Claim>>(officer.page, 'GET', held);
    const children = items.filter((one) => one.child !== null);
    [payees, adopted] = [children.slice(0, 4), children[4]];
    for (const [at, { child }] of payees.entries()) {
      const account = { child, bank: '虚构银行滕州支行', number: numberOf(at) };
      const made = await ask<{ id: string }>(officer.page, 'POST', '/api/allowances/accounts', account);
      await ask(approver.page, 'POST', `/api/allowances/accounts/${made.id}/confirmation`);
    }
    await finance.page.getByRole('link', { name: '支付' }).click();
    await finance.page.getByText('账平').waitFor();
    const order = await fileFor(finance.page);
    expect(order.lines.map((line) => line.account).sort()).toEqual(payees.map((_, at) => numberOf(at)));
    await load(finance.page, reply(order, { [numberOf(0)]: '账号不存在', [numberOf(1)]: '户名不符' }));
    await finance.page.getByText(/到账 2 笔，退回 2 笔。$/).waitFor();
    const failures = finance.page.locator('.bank-failures');
    await failures.getByText('账号不存在').waitFor();
    await failures.getByText('户名不符').waitFor();
    // Finance learns what failed, and of nobody who it was for.
    for (const { name } of payees) expect(await finance.page.getByText(name).count()).toBe(0);
    await inOrder(finance.page);
    // Of the same accounts nothing is tried again.
    await finance.page.getByRole('button', { name: '生成银行文件' }).click();
    await finance.page.getByText('目前没有可以发放的款项').waitFor();
  });

  it('has what the bank returned corrected by one and confirmed by another', async () => {
    const { page } = officer;
    for (const [at, { name }] of payees.slice(0, 2).entries()) {
      await page.goto(`${path}/payment`);
      const row = page.locator('tr').filter({ has: page.getByRole('link', { name: '更正账户' }) });
      await row.first().waitFor();
      expect(await row.count()).toBe(2);
      if (at === 0) await inOrder(page);
      await row.filter({ hasText: name }).getByRole('link', { name: '更正账户' }).click();
      await opened(page);
      await page.getByRole('button', { name: '登记账户' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('填写新账户').check();
      await dialog.getByLabel('开户行').fill('虚构银行西岗支行');
      await dialog.getByLabel('账号').fill('123');
      await dialog.getByRole('button', { name: '登记账户' }).click();
      await dialog.getByText('账号应为8至32位数字，请核对。').waitFor();
      if (at === 0) await inOrder(page);
      await dialog.getByLabel('账号').fill(newNumberOf(at));
      await dialog.getByRole('button', { name: '登记账户' }).click();
      await page.getByText('您登记的，须由他人确认').waitFor();
      expect(await page.getByRole('button', { name: '确认', exact: true }).count()).toBe(0);
      if (at === 0) await inOrder(page);
    }

    await approver.page.goto('/allowances/accounts');
    await approver.page.getByText('•••• 0001').waitFor();
    await inOrder(approver.page);
    const bell = approver.page.locator('.bell');
    await bell.locator('.tool').click();
    await bell.getByRole('link', { name: /^2 个收款账户待您确认/ }).waitFor();
    await approver.page.keyboard.press('Escape');
    const row = approver.page.locator('tbody tr').filter({ hasText: '•••• 0000' });
    await row.getByRole('button', { name: '确认', exact: true }).click();
    await row.waitFor({ state: 'detached' });
    await approver.page.getByLabel('选择全部可确认的账户').check();
    await approver.page.getByRole('button', { name: '确认所选（1）' }).click();
    await approver.page.getByText('没有待确认的账户。').waitFor();
    await bell.locator('.tool').click();
    await bell.getByRole('link', { name: /个收款账户待您确认/ }).waitFor({ state: 'detached' });
    await approver.page.keyboard.press('Escape');
  });

  it('takes back what was paid too much, once an officer confirms it and tells the guardian', async () => {
    const { page } = officer;
    await page.goto(`/registry/${adopted?.child}?part=allowances`);
    await opened(page);
    await page.getByRole('button', { name: '登记情况' }).click();
    const fact = page.getByRole('dialog');
    await fact.getByLabel('停发原因').selectOption({ label: '被收养' });
    await fact.getByLabel('停发日').fill('2021-10-20');
    await inOrder(page);
    await fact.getByRole('button', { name: '登记情况' }).click();
    await page.getByRole('cell', { name: '被收养' }).waitFor();

    const month = { month: '2021-12' };
    const made = await ask<{ id: string }>(page, 'POST', '/api/allowances/batches', month);
    next = made.id;
    await page.goto(`/allowances/batches/${next}`);
    const row = page.locator('tbody tr').filter({ hasText: '拟追回' });
    await row.getByRole('button', { name: '确认追回' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('追回原因').fill('10月20日已被收养');
    const notice = await dialog.getByLabel('追回告知').inputValue();
    expect(notice).toContain(`${adopted?.name}的监护人`);
    expect(notice).toContain('原因：10月20日已被收养。');
    await inOrder(page);
    await dialog.getByRole('button', { name: '确认追回' }).click();
    await page.getByText('2021-11-04 已确认').waitFor();
    await inOrder(page);
  });

  it('appears with the next month in one file, and never again', async () => {
    await moved(approver.page, next, ['review', 'approve']);
    await moved(finance.page, next, ['release']);
    await finance.page.goto(`/allowances/batches/${next}/payment`);
    const order = await fileFor(finance.page);
    const paidTo = (number: string) =>
      order.lines.filter((line) => line.account === number).map((line) => line.amount);
    const { items } = await ask<Items<Claim>>(
      officer.page,
      'GET',
      `/api/allowances/claims?batch=${next}&state=sent`,
    );
    for (const [at, payee] of payees.entries()) {
      const december = items.find((one) => one.child === payee.child)?.amount;
      // The two that came back are there once with November, all four once with December.
      const expected = at < 2 ? [payee.amount, december] : [december];
      expect(paidTo(at < 2 ? newNumberOf(at) : numberOf(at)).sort(), payee.name).toEqual(expected.sort());
    }
    expect(order.lines.length).toBe(4 + 2);
    for (const at of [0, 1]) expect(paidTo(numberOf(at))).toEqual([]);

    await load(finance.page, reply(order, {}));
    await finance.page.getByText(/到账 6 笔，退回 0 笔。$/).waitFor();
    await finance.page.getByRole('button', { name: '生成银行文件' }).click();
    await finance.page.getByText('目前没有可以发放的款项').waitFor();
    const november = await ask<{ paid: { count: number }; returned: { count: number }; adds_up: boolean }>(
      finance.page,
      'GET',
      `/api/allowances/batches/${id}/money`,
    );
    expect(november).toMatchObject({ paid: { count: 4 }, returned: { count: 0 }, adds_up: true });
  });

  it('is in order at every width and on paper, for whoever knows the children and for finance', async () => {
    const { page, context, complaints } = await desk();
    await seated(page, 'county');
    const { items } = await ask<Items<{ id: string }>>(page, 'GET', '/api/allowances/batches');
    const path = `/allowances/batches/${items[0]?.id}`;
    for (const one of [path, `${path}/payment`]) {
      await page.goto(one);
      await settled(page);
      await atEveryWidth(page);
    }
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 720, height: 1000 });
    await fits(page);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await become(page, 'county-finance', `${path}/payment`);
    await settled(page);
    await atEveryWidth(page);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('stands on the statement of a child, line by line', async () => {
    const { page, context, complaints } = await desk();
    await seated(page, 'county');
    const { items } = await ask<Items<{ id: string }>>(
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

  it('says on the statement of a child that was adopted why nothing is due, in words of both languages', async () => {
    const { page } = officer;
    const address = `/registry/${adopted?.child}?part=allowances`;
    await page.goto(address);
    await opened(page);
    const statement = page.locator('.panel').filter({ hasText: '生活费发放明细' });
    await statement.getByText('2021-10-20停发（被收养）').first().waitFor();
    expect(await statement.getByText('adopted').count()).toBe(0);
    await page.evaluate(() => localStorage.setItem('hutong.language', 'en'));
    await page.goto(address);
    await page
      .getByRole('combobox', { name: 'Purpose' })
      .selectOption({ label: 'Checking accounts for payment' });
    await page.getByRole('button', { name: 'Open the file' }).click();
    await page.getByText('Stopped on 2021-10-20 (adopted)').first().waitFor();
    await page.evaluate(() => localStorage.setItem('hutong.language', 'zh-CN'));
  });
});
