/** Every page of every role: no fault that axe knows of, nothing that sticks out from a telephone to a wall. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, become, closeBrowser, desk, fits, inOrder, openBrowser } from './desk.ts';

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
const WIDTHS = [360, 768, 2560];

/** All that was asked for is there. */
async function settled(page: Awaited<ReturnType<typeof desk>>['page']): Promise<void> {
  await page.locator('main h1, main .empty, main .panel').first().waitFor();
  await expect.poll(() => page.locator('p.part-state[role=status]').count()).toBe(0);
}

async function atEveryWidth(page: Awaited<ReturnType<typeof desk>>['page']): Promise<void> {
  await inOrder(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await fits(page);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

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

describe('the payment of a month', () => {
  it('is in order at every width and on paper, for whoever knows the children and for finance', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county');
    const { items } = await ask<{ items: Array<{ id: string }> }>(page, 'GET', '/api/allowances/batches');
    const { id } =
      items[0] ?? (await ask<{ id: string }>(page, 'POST', '/api/allowances/batches', { month: '2021-11' }));
    for (const path of [`/allowances/batches/${id}`, `/allowances/batches/${id}/payment`]) {
      await page.goto(path);
      await settled(page);
      await atEveryWidth(page);
    }
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 720, height: 1000 });
    await fits(page);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await become(page, 'county-finance', `/allowances/batches/${id}/payment`);
    await settled(page);
    await atEveryWidth(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
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
