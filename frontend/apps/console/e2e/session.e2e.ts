/** Who gets in, what they find, and what happens when the session or the server goes away. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ask, become, desk, inOrder, signIn } from './desk.ts';

describe('signing in', () => {
  it('is calm about a wrong password, and in order', async () => {
    const { page, context, complaints } = await desk();
    await page.goto('/');
    await page.getByRole('textbox', { name: '账号' }).fill('county');
    await page.getByLabel('密码', { exact: true }).fill('wrong-password-1');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: '不正确' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(await page.getByRole('button', { name: /通行密钥/ }).isDisabled(), 'not yet in use').toBe(true);
    await inOrder(page);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('asks for the second factor where the account has one, or for a recovery code in its place', async () => {
    const { page, context, complaints } = await desk();
    await page.goto('/sign-in');
    await page.getByRole('textbox', { name: '账号' }).fill('city-approver');
    await page.getByLabel('密码', { exact: true }).fill('hutong-demo-2021');
    await page.keyboard.press('Enter');
    const code = page.getByLabel(/动态验证码/);
    await code.waitFor();
    // Being asked is no fault, and one may go on typing.
    expect(await page.getByRole('alert').count()).toBe(0);
    await expect.poll(() => code.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.type('12a3 4');
    expect(await code.inputValue()).toBe('1234');
    await inOrder(page);
    await page.getByRole('button', { name: /改用恢复码/ }).click();
    await page.getByLabel(/^恢复码/).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('leads back to the page that was asked for, and shows the figures of the city', async () => {
    const { page, context, complaints } = await desk();
    await signIn(page, 'city');
    await page.getByRole('heading', { name: '枣庄市概况' }).waitFor();
    const headline = await page.locator('.headline').textContent();
    // The de facto unattended are left out: other journeys register some of their own in the same city.
    for (const figure of ['534', '1,264', '2,447']) expect(headline).toContain(figure);
    expect(await page.locator('.crumb').textContent()).toContain('枣庄市');
    await page.getByText('演示数据：人物均为虚构').waitFor();
    await inOrder(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('the home of a city officer', () => {
  it('tells the figures by district, and why they differ from a month before', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'city');
    const bars = page.locator('.place-bars tbody tr');
    await bars.first().waitFor();
    const counts = (row: number) => bars.nth(row).locator('td').allTextContents();
    const numbers = async (row: number) =>
      (await counts(row)).map((text) => Number(text.replaceAll(',', '').trim()));
    const rows = await Promise.all(Array.from({ length: await bars.count() }, (_, row) => numbers(row)));
    const [total = [], districts] = [rows.at(-1), rows.slice(0, -1)];
    expect(
      districts.length,
      'the six districts, and the zone that a unit of its own serves',
    ).toBeGreaterThanOrEqual(6);
    for (const [column, sum] of total.entries()) {
      expect(districts.reduce((all, row) => all + (row[column] ?? 0), 0)).toBe(sum);
    }
    await expect.poll(() => page.locator('.sketch li').count()).toBe(6);
    const [first] = await page.locator('.sketch li').first().locator('span').allTextContents();
    expect(await bars.allTextContents().then((all) => all.join(' '))).toContain(first);

    const changes = page.locator('.changes-table tbody tr');
    await changes.first().waitFor();
    expect(await changes.count()).toBe(4);
    let moved = 0;
    for (const row of await changes.all()) {
      const cells = await row.locator('td').allTextContents();
      const [before = 0, isNew = 0, change = 0, removed = 0, after = 0] = cells.map((text) =>
        Number(text.replace('−', '-').replace(/[+,\s]/g, '')),
      );
      expect(before + isNew + change + removed, 'every difference is explained').toBe(after);
      moved += Math.abs(isNew) + Math.abs(removed);
    }
    expect(moved, 'something changed within the month').toBeGreaterThan(0);
    await page.getByRole('heading', { name: '到期与待办' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('an administrator', () => {
  it('sees no child, and no way to one', async () => {
    const { page, context, complaints } = await desk();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await become(page, 'admin');
    await page.getByText('看不到任何儿童数据').waitFor();
    // Accounts and the state of the system instead.
    for (const name of ['账号概况', '运行状态']) await page.getByRole('heading', { name }).waitFor();
    await page.getByText('在册人员').waitFor();
    expect(await page.locator('.find').count()).toBe(0);
    expect(await page.locator('.side').textContent()).not.toContain('儿童档案');
    await inOrder(page);
    await page.goto('/registry');
    await page.getByText('没有这个页面，或不在您的职责范围内').waitFor();
    expect(asked.filter((path) => path.startsWith('/api/registry'))).toEqual([]);
    const status = await page.evaluate(async () => (await fetch('/api/registry/children')).status);
    expect(status).toBe(404);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('an approver of the demonstration', () => {
  it('is asked again who he is, without a fault, and is lent the code that no telephone of his shows', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county-approver', '/registry');
    await page.locator('.list-name').first().click();
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '核对信息' });
    await page.getByRole('button', { name: '打开档案' }).click();
    const head = page.locator('.file-head');
    await head.waitFor();
    // The password counts for ten minutes: the server asks for it again as it would after them.
    await page.route(
      '**/reveal',
      (route) => {
        const problem = { code: 'reauthenticate', status: 403, title: '请再次验证身份' };
        return route.fulfill({ status: 403, contentType: 'application/problem+json', json: problem });
      },
      { times: 1 },
    );
    await head.getByRole('button', { name: /^显示/ }).first().click();
    const dialog = page.getByRole('dialog', { name: /^显示/ });
    await dialog.getByRole('combobox', { name: '事由' }).selectOption({ label: '核对信息' });
    await dialog.getByRole('button', { name: '显示', exact: true }).focus();
    await page.keyboard.press('Enter');
    const proof = page.getByRole('dialog', { name: '请再次验证身份' });
    await proof.getByText('审批、拨付、导出、显示完整证件号等操作').waitFor();
    await proof.getByLabel('密码', { exact: true }).fill('hutong-demo-2021');
    await proof.getByRole('button', { name: '验证', exact: true }).focus();
    await page.keyboard.press('Enter');
    const code = proof.getByLabel(/动态验证码/);
    await code.waitFor();
    expect(await proof.getByRole('alert').count(), 'being asked is no fault').toBe(0);
    const hasFocus = () => code.evaluate((one) => one === document.activeElement);
    await expect.poll(hasFocus, { message: 'the keyboard goes on in the code' }).toBe(true);
    await inOrder(page);
    await proof.getByRole('button', { name: '代填密码和验证码' }).click();
    await head.getByRole('button', { name: '隐藏' }).waitFor();
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('the looks', () => {
  it('change with the language and with large text, and stay', async () => {
    const { page, context } = await desk(360, 740);
    await become(page, 'county');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: /^Overview of/ }).waitFor();
    expect(await page.title()).toBe('Home · Hutong');
    await page.getByRole('button', { name: 'Large text' }).click();
    await inOrder(page);
    await page.reload();
    await page.getByRole('heading', { name: /^Overview of/ }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.text)).toBe('large');
    await context.close();
  });
});

interface Device {
  id: string;
  this: boolean;
}

const devicesOf = async (page: Page) =>
  (await ask<{ items: Device[] }>(page, 'GET', '/api/organisation/devices')).items;

describe('a session', () => {
  it('ended elsewhere ends at the next click, and returns to where one was', async () => {
    const here = await desk();
    const there = await desk();
    await signIn(here.page, 'town');
    await here.page.goto('/account');
    await here.page.getByText('本机').waitFor();
    const own = (await devicesOf(here.page)).find((one) => one.this);
    await signIn(there.page, 'town');
    await there.page.goto('/account');
    // The demo's town has worked at many a device: theirs is the row in the order in which the server tells them.
    const rows = there.page.locator('tbody', { has: there.page.locator('.device-name') }).locator('tr');
    await there.page.getByText('本机').waitFor();
    const before = await devicesOf(there.page);
    const at = before.findIndex((one) => one.id === own?.id);
    expect(at).not.toBe(-1);
    await rows.nth(at).getByRole('button', { name: '退出该设备' }).click();
    await expect.poll(() => rows.count()).toBe(before.length - 1);
    expect((await devicesOf(there.page)).map((one) => one.id)).not.toContain(own?.id);
    await here.page.getByRole('link', { name: '首页' }).click();
    await here.page.getByText('登录已结束').waitFor();
    await inOrder(here.page);
    await here.context.close();
    await there.context.close();
  });
});

describe('a server that is away', () => {
  it('is told of calmly, and all goes on when it is back', async () => {
    const { page, context } = await desk();
    await become(page, 'city');
    await page.locator('.headline').waitFor();
    await context.setOffline(true);
    await page.locator('input[type=date]').fill('2021-09-30');
    await page.getByText('连接中断，已填内容保存在本页').waitFor();
    await inOrder(page);
    await context.setOffline(false);
    await expect.poll(() => page.locator('.away').count()).toBe(0);
    await page.getByText('2021年8月30日').waitFor();
    await page.locator('.headline').waitFor();
    await context.close();
  });
});
