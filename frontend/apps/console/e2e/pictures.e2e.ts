/** A picture of every page, for docs/screens: `make pictures`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, it } from 'vitest';
import { read, reply } from './bank.ts';
import { ask, become, desk, signIn } from './desk.ts';

const folder = join(import.meta.dirname, '../../../../docs/screens');

/** Name, officer, address, width, language. */
const PICTURES: Array<[name: string, officer: string, path: string, width: number, language: string]> = [
  ['home-city', 'city', '/', 1440, 'zh-CN'],
  ['home-city-en', 'city', '/', 1440, 'en'],
  ['home-county', 'county', '/', 1440, 'zh-CN'],
  ['home-admin', 'admin', '/', 1440, 'zh-CN'],
  ['home-phone', 'county', '/', 360, 'zh-CN'],
  ['children', 'county', '/registry', 1440, 'zh-CN'],
  ['imports', 'county', '/imports', 1440, 'zh-CN'],
  ['national', 'county', '/imports/national', 1440, 'zh-CN'],
  ['limits', 'county', '/applications/limits', 1440, 'zh-CN'],
  ['work-items', 'county', '/registry/work-items', 1440, 'zh-CN'],
  ['months', 'county', '/allowances', 1440, 'zh-CN'],
  ['organisation', 'city', '/organisation', 1440, 'zh-CN'],
  ['peers', 'county', '/exchange/peers', 1440, 'zh-CN'],
  ['accounts', 'admin', '/accounts', 1440, 'zh-CN'],
  ['proposals', 'county-approver', '/organisation/proposals', 1440, 'zh-CN'],
  ['packages', 'county', '/exchange/packages', 1440, 'zh-CN'],
  ['register', 'town', '/registry/new', 1440, 'zh-CN'],
  ['exports', 'county', '/registry/exports', 1440, 'zh-CN'],
  ['applications', 'town', '/applications', 1440, 'zh-CN'],
  ['application-new', 'town', '/applications/new', 1440, 'zh-CN'],
  ['journal', 'auditor', '/journal', 1440, 'zh-CN'],
  ['account', 'town', '/account', 1440, 'zh-CN'],
];

/** Posts many things, six at a time. */
function many(page: Page, posts: Array<[path: string, body: unknown]>): Promise<unknown> {
  return page.evaluate(async (all) => {
    const post = async ([path, body]: [string, unknown]) => {
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
      const sent = { method: 'POST', headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      const response = await fetch(path, sent);
      // Of some children the file holds no account.
      if (!response.ok && response.status !== 409) throw new Error(`${path}: ${response.status}`);
    };
    const rest = [...all];
    const hand = async () => {
      for (let next = rest.shift(); next; next = rest.shift()) await post(next);
    };
    await Promise.all(Array.from({ length: 6 }, hand));
  }, posts);
}

describe.runIf(process.env.PICTURES)('pictures', () => {
  it('of the sign-in', async () => {
    mkdirSync(folder, { recursive: true });
    const { page, context } = await desk();
    await page.goto('/sign-in');
    await page.locator('.demo-officers').waitFor();
    await page.screenshot({ path: join(folder, 'sign-in.png') });
    await page.goto('/invitation');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.screenshot({ path: join(folder, 'invitation.png') });
    await context.close();
  });

  it('of two files of one child side by side, and of an application', async () => {
    const { page, context } = await desk();
    await become(page, 'county');
    const child = { name: '虚构小双', household: 370481106200 };
    const files = await Promise.all(
      [
        { school: '虚构小学', birth: '2012-03-04' },
        { health: '健康', birth: '2012-03-04' },
      ].map((fields) => ask<{ id: string }>(page, 'POST', '/api/registry/children', { ...child, fields })),
    );
    await page.goto(`/registry/merge/${files[0]?.id}/${files[1]?.id}`);
    await page.locator('.merge-table').waitFor();
    await page.screenshot({ path: join(folder, 'merge.png') });
    const { items } = await ask<{ items: Array<{ id: string; stage: string }> }>(
      page,
      'GET',
      '/api/applications?box=all&limit=200',
    );
    const verified = items.find((one) => one.stage === 'verified') ?? items[0];
    await page.goto(`/applications/${verified?.id}`);
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '办理认定申请' });
    await page.getByRole('button', { name: '打开档案' }).click();
    await page.locator('.legs').waitFor();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'application.png'), fullPage: true });
    await context.close();
  });

  it('of a file, its history, and what falls due', async () => {
    const { page, context } = await desk();
    await become(page, 'county');
    const { items } = await ask<{ items: Array<{ id: string; version: number }> }>(
      page,
      'GET',
      '/api/registry/children?category=de_facto_unattended&limit=1',
    );
    const [child] = items;
    await ask(page, 'PATCH', `/api/registry/children/${child?.id}`, {
      version: child?.version,
      fields: { school: '西岗镇中心小学（虚构）', school_stage: '四年级', boarding: false },
    });
    await page.goto(`/registry/${child?.id}`);
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '办理认定申请' });
    await page.getByRole('button', { name: '打开档案' }).click();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'file.png') });
    await page.getByRole('tab', { name: '变更记录' }).click();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'file-history.png') });
    await page.locator('.bell > .tool').click();
    await page.locator('.bell-list').waitFor();
    await page.screenshot({ path: join(folder, 'due.png') });
    await context.close();
  });

  it('of a month, and of what a child was paid', async () => {
    const { page, context } = await desk();
    await become(page, 'county');
    await ask(page, 'POST', '/api/allowances/batches', { month: '2021-10', begins: '2021-10' });
    const { id } = await ask<{ id: string }>(page, 'POST', '/api/allowances/batches', { month: '2021-11' });
    await page.goto(`/allowances/batches/${id}`);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'month.png'), fullPage: true });
    const { items } = await ask<{ items: Array<{ id: string }> }>(
      page,
      'GET',
      '/api/registry/children?category=scattered_orphan&limit=1',
    );
    await page.goto(`/registry/${items[0]?.id}`);
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '办理认定申请' });
    await page.getByRole('button', { name: '打开档案' }).click();
    await page.getByRole('tab', { name: '生活费' }).click();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'statement.png') });
    await context.close();
  });

  it('of a raise before it is published', async () => {
    const { page, context } = await desk();
    await become(page, 'city');
    await ask(page, 'POST', '/api/allowances/standards', {
      class: 'key_hardship',
      place: 370400000000,
      monthly: '1210.00',
      from: '2021-07',
      document_title: '关于提高困难群众救助保障水平的通知（虚构）',
    });
    await page.goto('/allowances/standards');
    await page.locator('.effect-facts').waitFor();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'standards.png'), fullPage: true });
    await page.goto('/allowances/what-if');
    await page.getByLabel('起始月份').fill('2021-07');
    await page.getByLabel('重点困境儿童（元/月）').fill('1210');
    await page.getByLabel('社会散居孤儿（元/月）').fill('1760');
    await page.getByRole('button', { name: '测算', exact: true }).click();
    await page.locator('.what-if-chart').waitFor();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'what-if.png'), fullPage: true });
    await context.close();
  });

  it('of the quarterly review, as a town sees it', async () => {
    const { page, context } = await desk();
    await become(page, 'town', '/allowances/review');
    await page.locator('tbody tr').first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'review.png'), fullPage: true });
    await context.close();
  });

  it('of a payment, as the officer and as finance see it, of accounts and of a recovery', async () => {
    const { page, context } = await desk();
    await become(page, 'county');
    const batches = await ask<{ items: Array<{ id: string }> }>(page, 'GET', '/api/allowances/batches');
    const october = batches.items.at(-1)?.id;
    const finance = await desk();
    const approver = await desk();
    await become(approver.page, 'county-approver');
    await become(finance.page, 'county-finance');
    for (const [at, act] of [
      [approver, 'review'],
      [approver, 'approval'],
      [finance, 'release'],
    ] as const) {
      const path = `/api/allowances/batches/${october}`;
      const { batch } = await ask<{ batch: { version: number } }>(at.page, 'GET', path);
      const body = { version: batch.version, ...(act === 'release' && { act }) };
      await ask(at.page, 'POST', `${path}/${act}`, body);
    }
    const held = await ask<{ items: Array<{ child: string | null }> }>(
      page,
      'GET',
      `/api/allowances/claims?batch=${october}&state=held`,
    );
    const children = held.items.filter((one) => one.child !== null).slice(0, 1200);
    await many(
      page,
      children.map(({ child }) => ['/api/allowances/accounts', { child }]),
    );
    const waiting = await ask<{ items: Array<{ id: string }> }>(page, 'GET', '/api/allowances/accounts');
    await many(
      approver.page,
      waiting.items.slice(6).map(({ id }) => [`/api/allowances/accounts/${id}/confirmation`, undefined]),
    );
    await approver.page.goto('/allowances/accounts');
    await approver.page.waitForLoadState('networkidle');
    await approver.page.screenshot({ path: join(folder, 'payment-accounts.png') });
    await finance.page.goto(`/allowances/batches/${october}/payment`);
    await finance.page.getByRole('combobox', { name: '文件模板' }).selectOption({ value: 'general_csv' });
    await finance.page.getByRole('button', { name: '生成银行文件' }).click();
    await finance.page.getByText(/^已生成 /).waitFor();
    const files = await ask<{ items: Array<{ id: string }> }>(finance.page, 'GET', '/api/allowances/files');
    const content = await finance.page.evaluate(async (id) => {
      const copy = await fetch(`/api/allowances/files/${id}/copy`, { method: 'POST' });
      return Array.from(new Uint8Array(await copy.arrayBuffer()));
    }, files.items[0]?.id);
    const order = read(Buffer.from(content));
    const [first, second] = order.lines;
    const failed = { [first?.account ?? '']: '账号已销户', [second?.account ?? '']: '户名不符' };
    const chosen = finance.page.waitForEvent('filechooser');
    await finance.page.getByRole('button', { name: '导入回盘' }).first().click();
    await (await chosen).setFiles({ name: '回盘.csv', mimeType: 'text/csv', buffer: reply(order, failed) });
    await finance.page.getByText(/退回 2 笔。$/).waitFor();
    await finance.page.waitForLoadState('networkidle');
    await finance.page.screenshot({ path: join(folder, 'payment-finance.png') });
    await page.goto(`/allowances/batches/${october}/payment`);
    await page.getByRole('link', { name: '更正账户' }).first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'payment.png'), fullPage: true });
    const returned = await ask<{ items: Array<{ child: string }> }>(
      page,
      'GET',
      `/api/allowances/claims?batch=${october}&state=returned`,
    );
    const child = returned.items[0]?.child;
    const account = {
      child,
      holder: '虚构姑母',
      bank: '虚构银行',
      number: '6228480000000001',
      reason: '监护人住院，由姑母代领',
    };
    await ask(page, 'POST', '/api/allowances/accounts', account);
    // Whoever was paid for October was recognised before it: a stop within October is the last word, and November was paid.
    await ask(page, 'POST', '/api/allowances/facts', {
      child,
      kind: 'stopped',
      on: '2021-10-20',
      code: 'adopted',
    });
    await page.goto(`/registry/${child}?part=allowances`);
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '核对发放账户' });
    await page.getByRole('button', { name: '打开档案' }).click();
    await page.locator('#part-allowances').waitFor();
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'payment-child.png'), fullPage: true });
    const december = await ask<{ id: string }>(page, 'POST', '/api/allowances/batches', { month: '2021-12' });
    await page.goto(`/allowances/batches/${december.id}`);
    await page.getByRole('button', { name: '确认追回' }).first().click();
    await page.getByLabel('追回原因').fill('10月20日已被收养');
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: join(folder, 'recovery.png') });
    for (const one of [finance.context, approver.context, context]) await one.close();
  }, 300_000);

  for (const [name, officer, path, width, language] of PICTURES) {
    it(`of ${name}`, async () => {
      const { page, context } = await desk(width, width < 500 ? 740 : 900);
      await page.addInitScript((chosen) => localStorage.setItem('hutong.language', chosen), language);
      await signIn(page, officer);
      if (path !== '/') await page.goto(path);
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: join(folder, `${name}.png`) });
      await context.close();
    });
  }
});
