/** A child's file: found, opened for a purpose, its history read; and out of sight for whoever does not answer for it. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, become, desk, inOrder, onPaper, seated, tabTo } from './desk.ts';
import { type Created, residentId } from './people.ts';

const NEIGHBOURS = [370481106200, 370481106201, 370481106202];
const NUMBER = residentId('2013-05-06', 864);
let child: Created & { file: string };

interface Me {
  seat: Array<{ division: number }>;
}

/** A child of a village that the demo's director does not serve. */
beforeAll(async () => {
  const { page, context } = await desk();
  await seated(page, 'village');
  const { seat } = await ask<Me>(page, 'GET', '/api/organisation/me');
  const own = seat[seat.length - 1]?.division;
  await context.close();
  const town = await desk();
  await seated(town.page, 'town');
  const created = await ask<Created>(town.page, 'POST', '/api/registry/children', {
    name: '安小禾',
    household: NEIGHBOURS.find((village) => village !== own),
    fields: { sex: 'female', birth: '2013-05-06', school: '虚构小学', resident_id: NUMBER },
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

/** Searches from wherever one is, with the keyboard alone. */
async function seek(page: Page, text: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

describe('a town supervisor', () => {
  it('lists every file, and reads how many of them hold a class', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'town', '/registry');
    await page.getByRole('button', { name: '全部档案' }).waitFor();
    await page.getByLabel('每页').selectOption('200');
    const rows = page.locator('.list-table tbody tr');
    const without = rows.filter({ hasText: '无在册类别' });
    let holding = 0;
    let closed = 0;
    for (let part = 1; ; part++) {
      await page.getByText(`第 ${part} 页`).waitFor();
      await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0);
      closed += await without.count();
      holding += (await rows.count()) - (await without.count());
      const next = page.getByRole('button', { name: '下一页' });
      if (await next.isDisabled()) break;
      await next.click();
    }
    expect(closed).toBeGreaterThan(0);
    await page.getByText(`全部档案中，辖区内在册（现有类别）${holding} 人`, { exact: true }).waitFor();
    await onPaper(page);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('finds a child by its characters, its pinyin, its resident id and its file number', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'town', '/account');
    for (const text of ['安小禾', 'anxiaohe', NUMBER, child.file]) {
      await seek(page, text);
      const found = page.getByRole('region', { name: '查找结果' }).or(page.locator('.list-table'));
      await found.getByRole('link', { name: '安小禾', exact: true }).waitFor();
      expect(page.url(), 'no address tells whom one looks for').not.toContain(encodeURIComponent(text));
      // The next search begins from a page that found nothing.
      await seek(page, '查无此人');
      await page.getByText('没有找到。').waitFor();
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('comes from the sign-in to a child’s papers with the keyboard alone', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'town');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id), 'past the bar').toBe('main');
    await seek(page, 'axh');
    const link = page.getByRole('link', { name: '安小禾', exact: true });
    await link.waitFor();
    await tabTo(page, link, 12);
    await page.keyboard.press('Enter');
    const purpose = page.getByRole('combobox', { name: '事由' });
    await purpose.waitFor();
    await tabTo(page, purpose, 12);
    await page.keyboard.press('ArrowDown');
    await tabTo(page, page.getByRole('button', { name: '打开档案' }), 3);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '安小禾', level: 1 }).waitFor();
    await tabTo(page, page.getByRole('tab').first(), 30);
    for (const part of ['family', 'places', 'papers']) {
      await page.keyboard.press('ArrowRight');
      await page.locator(`#part-${part}`).waitFor();
    }
    const add = page.getByRole('button', { name: '添加材料' });
    await tabTo(page, add, 12);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await add.evaluate((one) => one === document.activeElement), 'back where one was').toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

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
    expect(await history.textContent(), 'what is sealed is said in words').not.toContain('changed');
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
    // By whom as well: this officer opened it, another did not.
    const officer = page.locator('.journal-filters select').first();
    await rows.first().getByRole('button').first().click();
    await expect.poll(() => officer.inputValue()).not.toBe('');
    await rows.first().getByText('打开档案').waitFor();
    await page.getByLabel('按姓名查找').fill('系统管理员');
    await officer.locator('option', { hasText: '系统管理员' }).waitFor({ state: 'attached' });
    await officer.selectOption({ label: '系统管理员 · 枣庄市民政局' });
    await page.getByText('没有符合条件的记录').waitFor();
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

    const firstOf = () => page.locator('.list-table tbody .name').first().textContent();
    const first = await firstOf();
    await page.getByRole('button', { name: '下一页' }).click();
    await page.getByText('第 2 页').waitFor();
    await expect.poll(firstOf).not.toBe(first);
    expect(Number((await ages())[0]), 'a page goes on where the one before ended').toBeLessThanOrEqual(
      shown.at(-1) ?? 0,
    );
    await page.getByRole('button', { name: '上一页' }).click();
    await expect.poll(firstOf).toBe(first);

    const ticks = page.locator('.list-table tbody input[type=checkbox]');
    await ticks.nth(0).check();
    await ticks.nth(2).check();
    await page.getByRole('button', { name: '导出所选' }).click();
    const dialog = page.locator('dialog').first();
    await dialog.getByText('所选 2 人').waitFor();
    await dialog.getByLabel('样式').selectOption({ label: '签字花名册' });
    await dialog.getByRole('combobox', { name: '事由' }).selectOption({ label: '制作名册' });
    await dialog.getByRole('button', { name: '开始导出' }).click();
    await dialog.getByText('2 行').waitFor();
    const taken = page.waitForEvent('download');
    await dialog.getByRole('button', { name: '下载' }).click();
    expect((await taken).suggestedFilename()).toMatch(/\.xlsx$/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('keeps the columns and the filters that its reader chose', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county', '/registry');
    const heads = page.locator('.list-table thead th');
    await heads.filter({ hasText: '出生日期' }).waitFor();
    await page.getByText('列设置').first().click();
    await page.getByRole('checkbox', { name: '出生日期' }).uncheck();
    await page.getByRole('checkbox', { name: '档案号' }).check();
    const filters = page.locator('#list-filters');
    await filters.getByLabel('类别', { exact: true }).selectOption({ label: '社会散居孤儿' });
    await filters.getByLabel('性别', { exact: true }).selectOption({ label: '女' });
    await page.getByRole('button', { name: '保存当前筛选' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^名称/).fill('散居女童');
    await inOrder(page);
    await dialog.getByRole('button', { name: '保存', exact: true }).click();
    await page.goto('/registry');
    await page.getByRole('button', { name: '散居女童', exact: true }).click();
    await page.waitForURL(/category=scattered_orphan/);
    await expect.poll(() => page.locator('.list-table tbody tr').count()).toBeGreaterThan(0);
    await expect
      .poll(
        async () => new Set(await page.locator('.list-table tbody tr .list-chips .cash').allTextContents()),
      )
      .toEqual(new Set(['社会散居孤儿']));
    expect(await heads.filter({ hasText: '出生日期' }).count()).toBe(0);
    await heads.filter({ hasText: '档案号' }).waitFor();
    await page.getByRole('button', { name: /^删除常用筛选/ }).click();
    expect(await page.getByRole('button', { name: '散居女童', exact: true }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
