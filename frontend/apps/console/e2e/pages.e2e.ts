/** Every page of every role: no fault that axe knows of, nothing that sticks out from a telephone to a wall. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ask,
  atEveryWidth,
  become,
  closeBrowser,
  desk,
  fits,
  inOrder,
  openBrowser,
  settled,
} from './desk.ts';

beforeAll(openBrowser);
afterAll(closeBrowser);

const PAGES: Array<[officer: string, paths: string[]]> = [
  [
    'county',
    [
      '/',
      '/registry',
      '/registry/new',
      '/registry/work-items',
      '/registry/exports',
      '/imports',
      '/imports/national',
      '/applications?box=unentered',
      '/applications/limits',
      '/organisation',
      '/exchange/peers',
      '/exchange/packages',
      '/allowances',
      '/allowances/standards',
      '/allowances/review',
      '/allowances/accounts',
    ],
  ],
  ['county-approver', ['/', '/organisation/proposals', '/allowances/accounts']],
  ['town', ['/', '/registry']],
  ['village', ['/']],
  ['city', ['/', '/allowances/standards']],
  ['finance', ['/', '/allowances', '/allowances/standards']],
  ['home', ['/', '/registry']],
  ['auditor', ['/', '/journal']],
  ['admin', ['/', '/accounts', '/account', '/nowhere']],
];
describe('the pages of', () => {
  for (const [officer, paths] of PAGES) {
    it(officer, async () => {
      const { page, context, complaints } = await desk();
      for (const path of paths) {
        await become(page, officer, path);
        await settled(page);
        await atEveryWidth(page);
      }
      expect(complaints).toEqual([]);
      await context.close();
    });
  }
});

describe('a file', () => {
  it('is in order in every part, while it is changed, and on paper', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county', '/registry');
    const { items } = await ask<{ items: Array<{ id: string }> }>(
      page,
      'GET',
      '/api/registry/children?category=de_facto_unattended&limit=1',
    );
    await page.goto(`/registry/${items[0]?.id}`);
    await inOrder(page);
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '核对信息' });
    await page.getByRole('button', { name: '打开档案' }).click();
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await settled(page);
      await atEveryWidth(page);
    }
    await page.getByRole('tab').first().click();
    await page.getByRole('button', { name: '登记变更' }).click();
    await atEveryWidth(page);
    await page.getByRole('button', { name: '取消' }).click();
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 720, height: 1000 });
    await fits(page);
    expect(await page.locator('.side').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
