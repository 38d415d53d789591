/**
 * A county officer brings a ledger in: what is wrong shows cell by cell, one cell is put right, the rest is imported; and
 * a list of the national system, whose differences wait as work items.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { become, closeBrowser, desk, inOrder, openBrowser } from './desk.ts';
import { misprinted, residentId } from './people.ts';

beforeAll(openBrowser);
afterAll(closeBrowser);

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

describe('a county officer', () => {
  it('imports a ledger with faults after putting one cell right', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county', '/imports');
    await page.getByLabel('选择文件').setInputFiles({
      name: '事实无人抚养（虚构）.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\uFEFF${LEDGER}`),
    });
    const ledger = page.locator('.panel').filter({ hasText: '事实无人抚养（虚构）.csv' });
    await ledger.getByText('不能导入').first().waitFor();
    await inOrder(page);
    const village = ledger.locator('.cell').filter({ hasText: '村（居）' });
    expect(await village.locator('input').inputValue()).toBe('没有这个村');
    await village.locator('input').fill('东王庄村委会');
    await ledger.getByRole('button', { name: /核查所改/ }).click();
    // The digit that is wrong does not keep a child out: it is registered, and the number waits to be cleared.
    await expect.poll(() => ledger.locator('.cell').count()).toBe(1);
    await ledger.getByRole('button', { name: '导入', exact: true }).click();
    const job = page.locator('.jobs-list > li').filter({ hasText: '台账导入' }).first();
    await job.getByText('已完成').waitFor({ timeout: 20_000 });
    expect(await job.locator('.jobs-counts').textContent()).toMatch(/2/);

    await page.keyboard.press('/');
    await page.keyboard.type('yxh');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '云小寒' }).waitFor();
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
    await job.getByText('已完成').waitFor({ timeout: 20_000 });
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
