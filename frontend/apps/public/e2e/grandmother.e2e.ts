/** A grandmother applies far from home on a telephone, and reads the decision by her code. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { act, deskWith } from '../../console/e2e/bureau.ts';
import { ask, desk, seated } from '../../console/e2e/desk.ts';
import { misprinted, residentId } from '../../console/e2e/people.ts';
import { choosePlace, inOrder, photograph, telephone, tellOfParents } from './street.ts';

const PHONE = '15400001234';
const ID = residentId('2013-06-18', 77, '370499');

const next = (page: Page) => page.getByRole('button', { name: '下一步' });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 2, name }).waitFor();

/** Fills in all of it up to the check, with one photograph, and answers the code. */
async function fillIn(page: Page): Promise<string> {
  await page.goto('/');
  await inOrder(page);
  await page.getByRole('link', { name: /网上申请/ }).tap();
  await page.locator('#town-county').waitFor();
  await choosePlace(page, 'town', '台儿庄区民政局', '运河街道');
  await choosePlace(page, 'household', '滕州市民政局', '西岗镇');
  await page.locator('#phone').fill(PHONE);
  await inOrder(page);
  await page.getByRole('button', { name: '保存并得到查询码' }).tap();
  await heading(page, '孩子和申请人');
  const code = ((await page.locator('.letters').textContent()) ?? '').trim();
  expect(code.replaceAll('-', ''), 'a hundred bits').toMatch(/^[0-9A-HJKMNP-TV-Z]{20}$/);
  await page.getByLabel('孩子姓名').fill('虚构小远');
  await page.getByLabel('孩子身份证号').fill(misprinted(ID));
  await page.getByLabel(/您的姓名/).fill('虚构祖母');
  await page.getByLabel('您是孩子的').selectOption('guardian');
  await page.getByLabel('和孩子的关系').fill('祖母');
  // A wrong sign is told of where it was typed, and the step is not left with it.
  await page.getByRole('alert').filter({ hasText: '一位一位核对' }).waitFor();
  await inOrder(page);
  await next(page).tap();
  expect(await page.getByLabel('孩子身份证号').getAttribute('aria-invalid')).toBe('true');
  await page.getByRole('heading', { level: 2, name: '孩子和申请人' }).waitFor();
  await page.getByLabel('孩子身份证号').fill(ID);
  await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  await inOrder(page);
  await next(page).tap();
  await heading(page, '父母和家庭');
  return code;
}

describe('a grandmother without an account', () => {
  it('applies in one county, is verified and decided in another, and reads the decision', async () => {
    const her = await telephone();
    const code = await fillIn(her.page);
    // She puts the telephone away, and goes on with another.
    await her.context.close();
    const again = await telephone();
    const page = again.page;
    await page.goto('/resume');
    await page.getByLabel('查询码').fill(code.toLowerCase());
    await page.getByLabel('手机号').fill('154 0000 1234');
    await inOrder(page);
    await page.getByRole('button', { name: '打开' }).tap();
    await heading(page, '孩子和申请人');
    expect(await page.getByLabel('孩子姓名').inputValue()).toBe('虚构小远');
    await next(page).tap();
    await heading(page, '父母和家庭');
    await tellOfParents(page);
    await inOrder(page);
    await next(page).tap();
    await heading(page, '申请什么');
    await page.getByText('按您填的情况符合').first().waitFor();
    await page.getByRole('radio', { name: /事实无人抚养儿童/ }).tap();
    await inOrder(page);
    await next(page).tap();
    await heading(page, '材料');
    const file = { name: '照片.jpg', mimeType: 'image/jpeg', buffer: await photograph(page) };
    await page.locator('.paper input[type=file]').first().setInputFiles(file);
    await page.getByText('已上传').first().waitFor();
    await inOrder(page);
    await next(page).tap();
    await heading(page, '核对提交');
    await page.getByText(ID).waitFor();
    await inOrder(page);
    await page.getByRole('button', { name: '提交申请' }).tap();
    await heading(page, '申请已提交');
    await inOrder(page);
    const number = ((await page.locator('.done strong').textContent()) ?? '').trim();

    await handle(number);

    await page.getByRole('link', { name: '查看办理进度' }).tap();
    await page.getByLabel('孩子身份证号后四位').fill('0000');
    await page.getByRole('button', { name: '查询' }).tap();
    await page.getByRole('alert').waitFor();
    await inOrder(page);
    await page.getByLabel('查询码').fill(code);
    await page.getByLabel('孩子身份证号后四位').fill(ID.slice(-4));
    await page.getByRole('button', { name: '查询' }).tap();
    await page.getByRole('heading', { name: '滕州市民政局已经决定：同意' }).waitFor();
    const letter = page.locator('.letter');
    await letter.getByRole('heading', { name: '事实无人抚养儿童认定决定书' }).waitFor();
    await letter.getByText(/儿保决〔2021〕\d+号/).waitFor();
    await letter.getByText('符合事实无人抚养儿童条件，同意认定。').waitFor();
    await letter.getByText(/认定虚构小远为事实无人抚养儿童，自.*起纳入保障/).waitFor();
    await page.getByText('不同意这个决定怎么办').waitFor();
    expect(await page.getByText('生活费发放').count()).toBe(0);

    await release();
    await page.getByRole('button', { name: '查询' }).tap();
    const paid = page.locator('.payments li');
    await paid.getByText('2021年12月 当月发放').waitFor();
    await paid.getByText(/还没有确认的收款账户/).waitFor();
    await inOrder(page);
    expect(again.complaints).toEqual([]);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(
      ID.slice(-4),
    );
    await again.context.close();
  }, 240_000);
});

/** The first month in which the child is paid, up to its release; nobody has entered an account yet. */
async function release(): Promise<void> {
  const { page, context } = await desk();
  await seated(page, 'county');
  const { id } = await ask<{ id: string }>(page, 'POST', '/api/allowances/batches', { month: '2021-12' });
  for (const [login, step] of [
    ['county-approver', 'review'],
    ['county-approver', 'approval'],
    ['county-finance', 'release'],
  ] as const) {
    await seated(page, login);
    const path = `/api/allowances/batches/${id}`;
    const { batch } = await ask<{ batch: { version: number } }>(page, 'GET', path);
    const how = { version: batch.version, ...(step === 'release' && { act: step }) };
    await ask(page, 'POST', `${path}/${step}`, how);
  }
  await context.close();
}

/** The officers' part, each at a desk of his own: far town, household town, county, approver. */
async function handle(number: string): Promise<void> {
  const far = await deskWith('far-town', number);
  await act(far.page, '受理').click();
  await act(far.page, '推送户籍地').click();
  await far.page.getByText('待查验').first().waitFor();
  const town = await deskWith('town', number);
  await act(town.page, '未登记过，新建档案').click();
  await town.page.getByText('已关联档案').waitFor();
  await act(town.page, '查验符合').click();
  await town.page.getByText('查验符合，待提出意见').waitFor();
  const county = await deskWith('county', number);
  await act(county.page, '提出意见…').click();
  const dialog = county.page.getByRole('dialog');
  await dialog.getByLabel('理由').fill('符合事实无人抚养儿童条件，同意认定。');
  await dialog.getByRole('button', { name: '确定办理' }).click();
  await county.page.getByText('当前环节不由您办理').waitFor();
  const approver = await deskWith('county-approver', number);
  await act(approver.page, '确认认定').click();
  await approver.page.getByText('已确认，待告知').waitFor();
  for (const one of [far, town, county, approver]) {
    expect(one.complaints).toEqual([]);
    await one.context.close();
  }
}
