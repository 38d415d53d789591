/** An application from the town's window to the child's file, and who may not decide on it. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { act, deskOf, openFor } from './bureau.ts';
import { ask, become, desk, inOrder, seated } from './desk.ts';

/** Chooses the first village below, step by step. */
async function chooseVillage(page: Page): Promise<void> {
  const steps = page.locator('.picker select');
  for (const [step, name] of ['山东省', '枣庄市', '滕州市', '西岗镇'].entries()) {
    await steps.nth(step).selectOption({ label: name });
  }
  await steps.nth(4).selectOption({ index: 1 });
}

/** The type of what this button prints, which is then shown. */
async function printedBy(page: Page, name: string): Promise<string> {
  const answered = page.waitForResponse((one) => /\/(letter|form)\?/.test(one.url()));
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('dialog').locator('iframe').waitFor();
  return (await answered).headers()['content-type'] ?? '';
}

describe('an application', () => {
  it('stands in the city at every stage there is', async () => {
    const { page, context } = await desk();
    await seated(page, 'county');
    const { items } = await ask<{ items: Array<{ stage: string }> }>(
      page,
      'GET',
      '/api/applications?box=all',
    );
    const stages = new Set(items.map((one) => one.stage));
    expect([...stages].sort()).toEqual([
      'accepted',
      'closed',
      'confirmed',
      'draft',
      'forwarded',
      'not_verified',
      'noticed',
      'objected',
      'proposed',
      'refused',
      'resubmitted',
      'returned',
      'submitted',
      'told',
      'verified',
      'withdrawn',
    ]);
    await context.close();
  });

  it('is taken in and verified by the town, proposed by the officer and confirmed by somebody else', async () => {
    const town = await desk();
    const page = town.page;
    await become(page, 'town', '/applications');
    await page.getByRole('link', { name: '新建申请' }).click();
    await page.getByLabel('姓名', { exact: true }).fill('虚构小荆');
    await chooseVillage(page);
    await page.getByLabel('出生日期').fill('2013-06-18');
    await page.getByLabel('类别').selectOption('de_facto_unattended');
    await page.getByLabel('申请人姓名').fill('虚构祖母');
    await inOrder(page);
    await act(page, '存为草稿').click();
    await page.locator('.legs').waitFor();
    const path = new URL(page.url()).pathname;
    expect(await page.getByRole('heading', { name: '办理记录' }).count(), 'nothing was done yet').toBe(0);
    expect(await page.locator('.legs .is-passed').count()).toBe(0);
    // Back leads past the form, which would be an empty one.
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: '认定申请' }).waitFor();
    await page.goForward();

    await page.getByText('现在还不能认定').waitFor();
    await page.getByRole('group', { name: '父亲' }).getByLabel('情形').selectOption('dead');
    const mother = page.getByRole('group', { name: '母亲' });
    await mother.getByLabel('情形').selectOption('imprisoned');
    await page.getByText('现在还不能认定').waitFor();
    await mother.getByLabel(/起始日期/).fill('2021-02-01');
    await mother.getByLabel('期限（月）').fill('18');
    await mother.getByLabel('期限（月）').blur();
    await page.getByText('符合“事实无人抚养儿童”的规则要求').waitFor();
    const reread = page.waitForResponse((one) => one.url().includes(`${path}?purpose`));
    await act(page, '保存事实').click();
    await reread;
    await act(page, '提交').click();
    await act(page, '受理').click();
    await page.getByText('待查验').waitFor();
    await act(page, '未登记过，新建档案').click();
    await page.getByText('已关联档案').waitFor();
    await act(page, '查验符合').click();
    await page.getByText('查验符合，待提出意见').waitFor();
    await inOrder(page);
    expect(town.complaints).toEqual([]);

    const county = await deskOf('county', path);
    await act(county.page, '提出意见…').click();
    await county.page.getByRole('dialog').getByRole('button', { name: '确定办理' }).click();
    await county.page.getByText('当前环节不由您办理').waitFor();
    expect(await act(county.page, '确认认定').count()).toBe(0);
    const refused = await county.page.evaluate(async (id) => {
      const body = JSON.stringify({ version: 0, act: 'confirm' });
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`/api/applications/${id}/decision`, { method: 'POST', headers, body })).status;
    }, path.split('/').pop());
    expect(refused).toBe(404);

    const approver = await deskOf('county-approver', path);
    await act(approver.page, '确认认定').click();
    await approver.page.getByText('已确认，待告知').waitFor();
    await approver.page.getByRole('heading', { name: '办理记录' }).waitFor();
    const legs = approver.page.locator('.legs .is-passed');
    expect((await legs.allTextContents()).map((leg) => leg.match(/受理并推送|镇查验|县级确认/)?.[0])).toEqual(
      ['受理并推送', '镇查验', '县级确认'],
    );
    await inOrder(approver.page);
    const printed = await printedBy(approver.page, '打印决定书');
    expect(printed).toBe('application/pdf');
    await approver.page.keyboard.press('Escape');
    await approver.page.getByRole('link', { name: '打开儿童档案' }).click();
    const gate = approver.page.locator('.gate');
    await gate.getByRole('combobox').selectOption({ index: 1 });
    await gate.getByRole('button', { name: '打开' }).click();
    await approver.page.getByText('事实无人抚养儿童').first().waitFor();

    // The rules ask for the national system to be told at once: the decision waits until the officer says it was.
    await county.page.goto('/applications?box=unentered');
    await county.page.locator(`a[href="${path}"]`).click();
    await openFor(county.page);
    await act(county.page, '登记录入日期').click();
    await county.page.getByLabel('录入全国系统的日期').fill('2021-11-04');
    await act(county.page, '保存').click();
    await county.page.getByText('已于 2021-11-04 录入全国系统').waitFor();
    await inOrder(county.page);
    for (const one of [town, county, approver]) await one.context.close();
  }, 120_000);

  it('is not printed with a blank where no font has a character: the page names it', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'town', '/applications/new');
    // A sign of plane 3 that has no meaning yet, so no font draws it.
    await page.getByLabel('姓名', { exact: true }).fill('虚构\u{3FFF0}');
    await chooseVillage(page);
    await page.getByLabel('类别').selectOption('de_facto_unattended');
    await page.getByLabel('申请人姓名').fill('虚构祖母');
    await act(page, '存为草稿').click();
    await page.locator('.legs').waitFor();
    await act(page, '打印申请表').click();
    await page.getByText('U+3FFF0').waitFor();
    expect(await page.locator('iframe').count(), 'nothing is shown').toBe(0);
    await inOrder(page);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('waits in the inbox of whoever is to deal with it', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'town');
    await page.getByRole('link', { name: '认定申请', exact: true }).click();
    await page.getByRole('button', { name: '待我办理' }).waitFor();
    await page.getByText('虚构小荆').first().waitFor();
    await inOrder(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
