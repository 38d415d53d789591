/**
 * Somebody new: proposed by one, confirmed by another, let in by a code of one's own; a second post beside the first, and
 * the end of both.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, become, type Desk, desk, inOrder, seated } from './desk.ts';

const NAME = '虚构代理员';
const LOGIN = 'daili.xigang';
const PASSWORD = 'journey-officer-2021';

interface Items<T> {
  items: T[];
}

/** Finds a unit by its name and shows it. */
async function choose(page: Page, unit: string): Promise<void> {
  await page.goto('/organisation');
  await page.getByLabel('按名称查找单位').fill(unit);
  await page
    .locator('.unit-tree .found')
    .getByRole('button', { name: new RegExp(`^${unit}`) })
    .first()
    .click();
  await page.getByRole('heading', { name: unit, exact: true }).waitFor();
}

interface Unit {
  id: string;
  name: string;
}

/** The units of this name, out of all there are. */
async function unitsNamed(page: Page, name: string): Promise<Unit[]> {
  const all: Unit[] = [];
  let next: string | undefined;
  do {
    const path = `/api/organisation/units?limit=200${next ? `&cursor=${next}` : ''}`;
    const found: Items<Unit> & { next?: string } = await ask(page, 'GET', path);
    all.push(...found.items);
    next = found.next;
  } while (next);
  return all.filter((one) => one.name === name);
}

/** Confirms what waits for this officer. */
async function confirmed(page: Page, matter: string): Promise<void> {
  const { items } = await ask<Items<{ id: string; name: string; matter: string }>>(
    page,
    'GET',
    '/api/organisation/proposals',
  );
  const id = items.find((one) => one.name === NAME && one.matter === matter)?.id;
  await ask(page, 'POST', `/api/organisation/proposals/${id}/confirmation`);
}

/** Types name and password, as somebody does who is no officer of the demonstration. */
async function enter(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: '账号' }).fill(LOGIN);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.locator('.side').waitFor();
}

describe('an officer', () => {
  let admin: Desk;
  let approver: Desk;
  let own: Desk;

  beforeAll(async () => {
    admin = await desk();
    await seated(admin.page, 'admin');
    approver = await desk();
    await become(approver.page, 'county-approver');
    own = await desk();
  });
  afterAll(async () => {
    for (const one of [admin, approver, own]) {
      expect(one.complaints).toEqual([]);
      await one.context.close();
    }
  });

  it('is proposed as a deputy by one and confirmed by another, who alone sees the code', async () => {
    const { page } = admin;
    await choose(page, '西岗镇');
    const panel = page.locator('#organisation-unit .panel').first();
    await panel.locator('.unit-appoint').click();
    const form = panel.locator('.appoint-form');
    await form.getByRole('button', { name: '提出' }).click();
    await form.getByRole('alert').first().waitFor();
    await form.getByLabel('姓名').fill(NAME);
    await form.getByLabel(/^代理何人/).selectOption({ index: 1 });
    await inOrder(page);
    await form.getByRole('button', { name: '提出' }).click();
    await panel.getByText('已提出，等待审批人员确认。').waitFor();
    await panel.getByRole('row').filter({ hasText: NAME }).getByRole('link', { name: '待确认' }).click();
    await page.getByRole('listitem').filter({ hasText: NAME }).waitFor();
    expect(await page.getByRole('button', { name: '确认', exact: true }).count(), 'not by oneself').toBe(0);

    await approver.page.reload();
    await approver.page.locator('.bell .tool').click();
    await approver.page
      .locator('.bell-list')
      .getByRole('link', { name: new RegExp(NAME) })
      .click();
    const waiting = approver.page.getByRole('listitem').filter({ hasText: NAME });
    await waiting.getByRole('button', { name: '确认', exact: true }).click();
    await approver.page.locator('.code-paper .code').waitFor();
    await inOrder(approver.page);
  });

  it('sets an account up with the code, and works in the unit', async () => {
    const code = (await approver.page.locator('.code-paper .code').textContent())?.trim() ?? '';
    await approver.page.getByRole('button', { name: '已交给本人' }).click();
    const { page } = own;
    await page.goto('/invitation');
    await page.getByLabel(/^邀请码/).fill(code);
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByText(`${NAME}，请设置登录账号和密码。`).waitFor();
    await page.getByLabel(/^登录账号/).fill(LOGIN);
    await page.getByLabel(/^密码/).fill(PASSWORD);
    await page.getByLabel('再次输入密码').fill('another-one-2021');
    await page.getByText('两次输入的密码不一致').waitFor();
    await inOrder(page);
    await page.getByLabel('再次输入密码').fill(PASSWORD);
    await page.getByRole('button', { name: '启用账号' }).click();
    await page.getByRole('heading', { name: '账号已启用' }).waitFor();
    await page.getByRole('link', { name: '去登录' }).click();
    await enter(page);
    expect(await page.locator('.top .unit').textContent()).toBe('西岗镇');
    expect(await page.locator('.crumb').textContent()).toContain('西岗镇');
    expect(await page.locator('.unit-switch').count()).toBe(0);

    await choose(admin.page, '西岗镇');
    const row = admin.page.locator('#organisation-unit').getByRole('row').filter({ hasText: NAME });
    await row.getByText(/^代理 /).waitFor();
  });

  it('has a second post, and changes from one to the other', async () => {
    const { items } = await ask<Items<{ id: string }>>(
      admin.page,
      'GET',
      `/api/organisation/officers?text=${encodeURIComponent(NAME)}`,
    );
    const [unit] = await unitsNamed(admin.page, '荆河街道');
    await ask(admin.page, 'POST', '/api/organisation/proposals', {
      officer: items[0]?.id,
      unit: unit?.id,
      role: 'child_supervisor',
      from: '2021-11-01',
    });
    await confirmed(approver.page, 'appoint');
    const { page } = own;
    await page.reload();
    await page.locator('.unit-switch > summary').click();
    await inOrder(page);
    await page
      .locator('.unit-posts')
      .getByRole('link', { name: /^荆河街道/ })
      .click();
    await page.getByText('登录后以此岗位工作：荆河街道').waitFor();
    await enter(page);
    await page.locator('.unit-switch').getByText('荆河街道').waitFor();
    expect(await page.locator('.crumb').textContent()).toContain('荆河街道');
  });

  it('loses a device, the secrets and the post', async () => {
    const { page } = admin;
    await page.goto('/accounts');
    await page.getByLabel('姓名、账号、单位').fill(NAME);
    const row = page.locator('tbody tr').filter({ hasText: LOGIN });
    await row.getByRole('button', { name: '登录设备' }).click();
    const dialog = page.getByRole('dialog');
    const ends = dialog.getByRole('button', { name: '退出该设备' });
    await ends.first().waitFor();
    await inOrder(page);
    for (let left = await ends.count(); left > 0; left--) {
      await ends.first().click();
      await expect.poll(() => ends.count()).toBe(left - 1);
    }
    await dialog.getByText('目前没有登录任何设备。').waitFor();
    await page.keyboard.press('Escape');
    await own.page.getByRole('link', { name: '儿童档案', exact: true }).click();
    await own.page.getByText('登录已结束').waitFor();

    await row.getByRole('button', { name: '重置', exact: true }).click();
    await row.getByText('确认后原密码和令牌失效。').waitFor();
    await row.getByRole('button', { name: '重置', exact: true }).click();
    await page.getByText(`已为 ${NAME} 提出重置`).waitFor();
    await row.getByText('重置待确认').waitFor();
    await confirmed(approver.page, 'reset_secrets');

    await choose(page, '西岗镇');
    const panel = page.locator('#organisation-unit .panel').first();
    await panel.getByRole('row').filter({ hasText: NAME }).getByRole('button', { name: '结束任期' }).click();
    await panel.getByLabel('最后一天').fill('2021-11-03');
    await panel.getByText('早于任职起始日').waitFor();
    await panel.getByRole('button', { name: '结束任期' }).last().click();
    await expect.poll(() => panel.getByRole('row').filter({ hasText: NAME }).count()).toBe(0);
  });
});
