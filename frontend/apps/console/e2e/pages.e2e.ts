/** Every page of every role: no fault that axe knows of, nothing that sticks out from a telephone to a wall. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, atEveryWidth, become, desk, fits, inOrder, openFile, seated, settled } from './desk.ts';

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
      '/applications?box=all',
      '/applications/new',
      '/applications/limits',
      '/organisation',
      '/exchange/peers',
      '/exchange/packages',
      '/allowances',
      '/allowances/standards',
      '/allowances/what-if',
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
/** Pages of one child, application or month: below, and the months in the journey that prepares them. */
const OF_ONE = [
  '/allowances/batches/:id',
  '/allowances/batches/:id/payment',
  '/applications/:id',
  '/registry/:id',
  '/registry/merge/:kept/:doubled',
];
const BEFORE_SIGN_IN = ['/sign-in', '/invitation'];

describe('the pages', () => {
  it('are all looked at, a new one as well', () => {
    const source = join(import.meta.dirname, '../src');
    const routes = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('routes.ts'),
    );
    const known = routes.flatMap((path) => {
      const text = readFileSync(join(source, path), 'utf8');
      return [...text.matchAll(/path: '([^']+)'/g)].map((found) => found[1]);
    });
    const seen = PAGES.flatMap(([, paths]) => paths.map((path) => path.split('?')[0]));
    expect(known.length).toBeGreaterThan(20);
    expect(known.filter((path) => !seen.includes(path)).sort()).toEqual(
      [...OF_ONE, ...BEFORE_SIGN_IN].sort(),
    );
  });

  it('are in order before anybody has signed in', async () => {
    const { page, context, complaints } = await desk();
    for (const path of BEFORE_SIGN_IN) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await atEveryWidth(page);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});

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
    await openFile(page, items[0]?.id ?? '');
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await settled(page);
      await atEveryWidth(page);
    }
    const history = page.locator('#part-history');
    await history
      .getByRole('button', { name: /^另有 \d+ 项$/ })
      .first()
      .click();
    await history.getByText('已更改（密存，不记值）').waitFor();
    expect(await history.textContent(), 'what is sealed is said in words').not.toContain('changed');
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

describe('an application', () => {
  it('is in order at every width', async () => {
    const { page, context, complaints } = await desk();
    await seated(page, 'county');
    const { items } = await ask<{ items: Array<{ id: string }> }>(
      page,
      'GET',
      '/api/applications?box=all&limit=1',
    );
    await page.goto(`/applications/${items[0]?.id}`);
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '核对信息' });
    await page.getByRole('button', { name: '打开档案' }).click();
    await page.locator('.legs').waitFor();
    await settled(page);
    await atEveryWidth(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
