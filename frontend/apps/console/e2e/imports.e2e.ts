/**
 * A county officer brings a ledger in: what is wrong shows cell by cell, one cell is put right, the rest is imported; and
 * a list of the national system, whose differences wait as work items.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { become, desk, inOrder } from './desk.ts';
import { misprinted, residentId } from './people.ts';

const GOOD = residentId('2014-03-05', 862);
const WRONG = misprinted(residentId('2015-07-19', 841));

const LEDGER = [
  '滕州市事实无人抚养儿童台账',
  '序号,姓名,性别,出生日期,身份证号,镇（街）,村（居）,监护人姓名,与儿童关系,类别',
  `1,云小满,女,2014-03-05,${GOOD},西岗镇,东王庄村委会,云大山,祖父,事实无人抚养儿童`,
  `2,云小寒,男,2015-07-19,${WRONG},西岗镇,没有这个村,云大山,祖父,事实无人抚养儿童`,
].join('\n');

const NATIONAL = [
  '儿童编号,儿童姓名,身份证件号码,儿童类别,在册状态',
  `370481900001,云未录,${residentId('2013-04-09', 823)},流动儿童,在册`,
].join('\n');

/** Drops a file on the page, as from a folder. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([called, content]) => {
      const all = new DataTransfer();
      all.items.add(new File([content ?? ''], called ?? '', { type: 'text/csv' }));
      return all;
    },
    [name, text],
  );
  await page.dispatchEvent('.drop-area', 'drop', { dataTransfer });
}

describe('a county officer', () => {
  it('imports a ledger with faults after putting one cell right', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county', '/imports');
    await drop(page, '事实无人抚养（虚构）.csv', `\uFEFF${LEDGER}`);
    const ledger = page.locator('.panel').filter({ hasText: '事实无人抚养（虚构）.csv' });
    await ledger.getByText('不能导入').first().waitFor();
    await inOrder(page);
    const village = ledger.locator('.cell').filter({ hasText: '村（居）' });
    expect(await village.locator('input').inputValue()).toBe('没有这个村');
    expect(await village.locator('.why').textContent(), 'it is said what is wrong').toContain('村');
    const taken = page.waitForEvent('download');
    await ledger.getByRole('button', { name: '下载标注表' }).click();
    expect((await taken).suggestedFilename()).toMatch(/^事实无人抚养（虚构）-.+\.xlsx$/);
    await village.locator('input').fill('东王庄村委会');
    await ledger.getByRole('button', { name: /核查所改/ }).click();
    // The digit that is wrong does not keep a child out: it is registered, and the number waits to be cleared.
    await expect.poll(() => ledger.locator('.cell').count()).toBe(1);
    await ledger.getByRole('button', { name: '导入', exact: true }).click();
    const job = page.locator('.jobs-list > li').filter({ hasText: '台账导入' }).first();
    await job.getByText('已完成').waitFor();
    expect(await job.locator('.jobs-counts').textContent()).toMatch(/2/);
    // The job is the server's: whoever comes back finds it.
    await page.reload();
    await job.getByText('已完成').waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type('yxh');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '云小寒' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('clears what the import left in doubt, the oldest first', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county', '/registry/work-items');
    const since = page.locator('tbody tr td:first-child');
    await since.first().waitFor();
    const days = await since.allTextContents();
    expect(days).toEqual([...days].sort());
    await page.getByLabel('问题').selectOption({ label: '身份证号校验位不符' });
    const item = page.locator('tbody tr').filter({ hasText: '云小寒' });
    await item.getByRole('button', { name: /^清理/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '显示台账原内容' }).click();
    await dialog.getByText(WRONG).waitFor();
    await dialog.getByLabel('身份证号', { exact: true }).fill(residentId('2015-07-19', 841));
    await inOrder(page);
    await dialog.getByRole('button', { name: '存入档案并清理' }).click();
    await item.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '已清理' }).click();
    await item.waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('compares a list of the national system, and finds who is not on file', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county', '/imports/national');
    await page.getByLabel('选择文件').setInputFiles({
      name: '全国系统名单（虚构）.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\uFEFF${NATIONAL}`),
    });
    const job = page.locator('.jobs-list > li').filter({ hasText: '与全国系统比对' }).first();
    await job.getByText('已完成').waitFor();
    // The list is about migrant children alone: the county's others are no differences.
    const counts = job.locator('.jobs-counts');
    expect(await counts.textContent()).toContain('差异');
    await inOrder(page);
    await job.getByRole('button', { name: '下载工作簿' }).waitFor();
    await page.goto('/registry/work-items');
    await page.getByLabel('问题').selectOption({ label: '全国系统有，本系统无' });
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
