/** A picture of every page, for docs/screens: `make pictures`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { ask, become, closeBrowser, desk, openBrowser, signIn } from './desk.ts';

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
  ['journal', 'auditor', '/journal', 1440, 'zh-CN'],
  ['account', 'town', '/account', 1440, 'zh-CN'],
];

describe.runIf(process.env.PICTURES)('pictures', () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  it('of the sign-in', async () => {
    mkdirSync(folder, { recursive: true });
    const { page, context } = await desk();
    await page.goto('/sign-in');
    await page.locator('.demo-officers').waitFor();
    await page.screenshot({ path: join(folder, 'sign-in.png') });
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
    await context.close();
  });

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
