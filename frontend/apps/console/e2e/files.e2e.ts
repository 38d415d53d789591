/** A child's file: found, opened for a purpose, its history read; and out of sight for whoever does not answer for it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, become, closeBrowser, desk, inOrder, openBrowser } from './desk.ts';
import type { Created } from './people.ts';

beforeAll(openBrowser);
afterAll(closeBrowser);

const NEIGHBOURS = [370481106200, 370481106201, 370481106202];
let child: Created & { file: string };

interface Me {
  seat: Array<{ division: number }>;
}

/** A child of a village that the demo's director does not serve. */
beforeAll(async () => {
  const { page, context } = await desk();
  await become(page, 'village');
  const { seat } = await ask<Me>(page, 'GET', '/api/organisation/me');
  const own = seat[seat.length - 1]?.division;
  await context.close();
  const town = await desk();
  await become(town.page, 'town');
  const created = await ask<Created>(town.page, 'POST', '/api/registry/children', {
    name: '安小禾',
    household: NEIGHBOURS.find((village) => village !== own),
    fields: { sex: 'female', birth: '2013-05-06', school: '虚构小学' },
  });
  const opened = await ask<{ file_number: string }>(
    town.page,
    'GET',
    `/api/registry/children/${created.id}?purpose=${encodeURIComponent('核对信息')}`,
  );
  await ask(town.page, 'PATCH', `/api/registry/children/${created.id}`, {
    version: created.version,
    fields: { school: '虚构中学' },
  });
  child = { ...created, file: opened.file_number };
  await town.context.close();
});

describe('a town supervisor', () => {
  it('finds a child by initials, opens the file for a purpose, and reads who changed what', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'town');
    await page.keyboard.press('/');
    await page.keyboard.type('axh');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '安小禾' }).click();
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '准备走访' });
    await page.getByRole('button', { name: '打开档案' }).click();
    await page.getByRole('heading', { name: '安小禾', level: 1 }).waitFor();
    await inOrder(page);

    await page.getByRole('tab', { name: '变更记录' }).click();
    const history = page.locator('#part-history');
    const edit = history.locator('tr').filter({ hasText: '修改档案' });
    await edit.waitFor();
    expect(await edit.locator('.was').textContent()).toBe('虚构小学');
    expect(await edit.locator('.now').textContent()).toBe('虚构中学');
    expect(await history.textContent()).toContain('登记儿童');
    expect(await history.textContent()).not.toContain('打开档案');
    await inOrder(page);
    await history.getByRole('button', { name: '查阅' }).click();
    await history.locator('tr').filter({ hasText: '打开档案' }).filter({ hasText: '准备走访' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('stands in the journal, which an auditor asks by the number of the file', async () => {
    const { page, context } = await desk();
    await become(page, 'auditor', '/journal');
    await page.getByLabel('儿童档案号或对象编号').fill(child.file);
    await page.getByLabel('事由').first().fill('走访');
    await page.getByRole('button', { name: '谁打开过档案' }).click();
    const rows = page.locator('.table tbody tr');
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.first().textContent()).toContain('打开档案');
    await inOrder(page);
    await context.close();
  });
});

describe('a director of one village', () => {
  it('does not reach a child of another by its address', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'village', `/registry/${child.id}`);
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '核对信息' });
    await page.getByRole('button', { name: '打开档案' }).click();
    await page.getByText('没有这个页面，或不在您的职责范围内').waitFor();
    expect(await page.locator('body').textContent()).not.toContain('安小禾');
    const statuses = await page.evaluate(async (id) => {
      const asked = ['', '/history'].map((part) => fetch(`/api/registry/children/${id}${part}?purpose=x`));
      return (await Promise.all(asked)).map((response) => response.status);
    }, child.id);
    expect(statuses).toEqual([404, 404]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('the list of children', () => {
  it('is sorted by the server, and hands out the rows that were chosen', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county', '/registry');
    const ages = () => page.locator('.list-table tbody td.num').allTextContents();
    await page.getByRole('button', { name: '年龄' }).click();
    await page.getByRole('button', { name: '年龄' }).click();
    await page.waitForURL(/order=oldest/);
    await expect.poll(async () => Number((await ages())[0])).toBeGreaterThan(15);
    const shown = (await ages()).map(Number);
    expect(shown).toEqual([...shown].sort((a, b) => b - a));

    const ticks = page.locator('.list-table tbody input[type=checkbox]');
    await ticks.nth(0).check();
    await ticks.nth(2).check();
    await page.getByRole('button', { name: '导出所选' }).click();
    const dialog = page.locator('dialog').first();
    await dialog.getByText('所选 2 人').waitFor();
    await dialog.getByRole('combobox', { name: '事由' }).selectOption({ label: '制作名册' });
    await dialog.getByRole('button', { name: '开始导出' }).click();
    await dialog.getByText('2 行').waitFor({ timeout: 20_000 });
    const taken = page.waitForEvent('download');
    await dialog.getByRole('button', { name: '下载' }).click();
    expect((await taken).suggestedFilename()).toMatch(/\.xlsx$/);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
