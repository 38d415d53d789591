/** A file as it is worked on: faults at their fields, two who change the same, secrets, papers, and a double. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ask, become, desk, inOrder, openFile, seated } from './desk.ts';
import { type Created, misprinted, residentId } from './people.ts';
import { photograph, telling } from './photograph.ts';

const VILLAGE = 370481106200;
const PASSWORD = 'hutong-demo-2021';

/** A child of the town, entered by whoever is at this page. */
function entered(page: Page, name: string, fields: Record<string, unknown>): Promise<Created> {
  return ask<Created>(page, 'POST', '/api/registry/children', { name, household: VILLAGE, fields });
}

describe('a child who is not known yet', () => {
  it('is registered once its resident id is put right, and going back finds no empty form', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'town', '/registry');
    await page.getByRole('link', { name: '登记儿童' }).click();
    await page.getByLabel('姓名', { exact: true }).fill('柳小登');
    const household = page.locator('.picker select').first();
    await household.locator('option').nth(1).waitFor({ state: 'attached' });
    await household.selectOption({ index: 1 });
    const id = page.getByLabel('身份证号', { exact: true });
    await id.fill(misprinted(residentId('2014-02-03', 853)));
    const register = page.getByRole('button', { name: '登记', exact: true });
    await register.click();
    await page.getByRole('alert').filter({ hasText: '身份证号应为 18 位' }).waitFor();
    await expect.poll(() => id.evaluate((one) => one === document.activeElement)).toBe(true);
    await inOrder(page);
    await id.fill(residentId('2014-02-03', 853));
    await register.click();
    await page.locator('.file-head').getByText('柳小登').waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: '儿童档案' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a change to a file', () => {
  it('is refused at its field, and keeps its draft beside what another wrote meanwhile', async () => {
    const { page, context, complaints } = await desk();
    await seated(page, 'town');
    const child = await entered(page, '柳小变', { school: '虚构小学' });
    await openFile(page, child.id);
    await page.getByRole('button', { name: '登记变更' }).click();
    const field = (name: string) => page.getByLabel(name, { exact: true });
    await field('就读学校').fill('虚构中学');
    await field('健康状况').fill('健康');
    await field('身份证号').fill('123');
    await page.getByRole('button', { name: '保存' }).click();
    await page
      .locator('.field', { has: field('身份证号') })
      .getByRole('alert')
      .filter({ hasText: '身份证号应为 18 位' })
      .waitFor();
    expect(await field('身份证号').getAttribute('aria-invalid')).toBe('true');
    expect(await field('身份证号').evaluate((one) => one === document.activeElement)).toBe(true);
    await inOrder(page);

    await field('身份证号').fill('');
    await ask(page, 'PATCH', `/api/registry/children/${child.id}`, {
      version: child.version,
      fields: { school: '虚构学校', ethnicity: '汉族' },
    });
    await page.getByRole('button', { name: '保存' }).click();
    const row = page.getByRole('row').filter({ hasText: '虚构学校' });
    await row.waitFor();
    expect(await row.locator('bdi').allTextContents(), 'as it was, theirs, mine').toEqual([
      '虚构小学',
      '虚构学校',
      '虚构中学',
    ]);
    expect(await page.getByRole('button', { name: '保存' }).isDisabled()).toBe(true);
    expect(await field('健康状况').inputValue(), 'what was typed stays').toBe('健康');
    await inOrder(page);
    await row.getByRole('radio').nth(1).check();
    await page.getByRole('button', { name: '按所选继续' }).click();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('button', { name: '登记变更' }).waitFor();
    const facts = await page.locator('#part-facts .facts bdi').allTextContents();
    for (const text of ['虚构中学', '健康', '汉族']) expect(facts).toContain(text);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a resident id', () => {
  it('is masked until somebody says what for and proves who asks, and the history keeps that', async () => {
    const { page, context, complaints } = await desk();
    await seated(page, 'town');
    const number = residentId('2012-03-04', 852);
    const child = await entered(page, '柳小密', { resident_id: number });
    await openFile(page, child.id);
    const head = page.locator('.file-head');
    expect(await head.textContent()).toContain(`${number.slice(0, 4)}`);
    expect(await page.locator('body').textContent(), 'masked').not.toContain(number);
    // The password counts for ten minutes: the server asks for it again as it would after them.
    await page.route(
      '**/reveal',
      (route) => {
        const problem = { code: 'reauthenticate', status: 403, title: '请再次验证身份' };
        return route.fulfill({ status: 403, contentType: 'application/problem+json', json: problem });
      },
      { times: 1 },
    );
    await head.getByRole('button', { name: /^显示/ }).click();
    const dialog = page.getByRole('dialog', { name: /^显示/ });
    await dialog.getByRole('combobox', { name: '事由' }).selectOption({ label: '补正材料' });
    await dialog.getByRole('button', { name: '显示', exact: true }).click();
    const proof = page.getByRole('dialog', { name: '请再次验证身份' });
    await proof.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await inOrder(page);
    await proof.getByRole('button', { name: '验证', exact: true }).click();
    await head.getByText(number).waitFor();
    await head.getByRole('button', { name: '隐藏' }).click();
    expect(await page.locator('body').textContent()).not.toContain(number);
    await page.getByRole('tab', { name: '变更记录' }).click();
    await page.locator('#part-history').getByRole('button', { name: '查阅' }).click();
    const look = page.locator('#part-history tr').filter({ hasText: '显示完整证件号等' });
    await look.filter({ hasText: '补正材料' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a paper', () => {
  it('is looked at before it is sent, and no longer says where it was photographed', async () => {
    const { page, context, complaints } = await desk();
    await seated(page, 'town');
    const child = await entered(page, '柳小证', {});
    await openFile(page, child.id);
    await page.getByRole('tab', { name: '材料' }).click();
    await page.getByRole('button', { name: '添加材料' }).click();
    const dialog = page.getByRole('dialog');
    const choose = (name: string, mimeType: string, buffer: Buffer) =>
      dialog.getByLabel(/^文件/).setInputFiles({ name, mimeType, buffer });
    await choose('a.svg', 'image/svg+xml', Buffer.from('<svg/>'));
    await dialog.getByText('只收存 PDF、JPEG、PNG、WebP 文件').waitFor();
    const picture = telling(await photograph(page), 'taken at 34.9N 117.1E');
    const isDrawn = () => dialog.locator('img').evaluate((one) => (one as HTMLImageElement).naturalWidth > 0);
    await choose('户口簿.jpg', 'image/jpeg', picture);
    await expect.poll(isDrawn, { message: 'the preview' }).toBe(true);
    await dialog.getByLabel('种类').selectOption({ label: '户口簿' });
    await dialog.getByLabel(/^标题/).fill('户口簿首页');
    await inOrder(page);
    // What only claims to be a picture is refused beside its field, and the form stays.
    await choose('假.png', 'image/png', Buffer.from('no picture'));
    await dialog.getByRole('button', { name: '收存' }).click();
    await dialog.locator('.field').first().getByRole('alert').waitFor();
    await choose('户口簿.jpg', 'image/jpeg', picture);
    await dialog.getByRole('button', { name: '收存' }).click();
    const row = page.locator('#part-papers tbody tr').filter({ hasText: '户口簿首页' });
    await row.waitFor();
    const answered = page.waitForResponse((one) => /\/documents\/[^/]+\?/.test(one.url()));
    await row.getByRole('button', { name: /^查看/ }).click();
    // Asked for once more: of what a page takes as a whole the browser shows a test nothing.
    const kept = await page.evaluate(
      async (address) => new TextDecoder('latin1').decode(await (await fetch(address)).arrayBuffer()),
      (await answered).url(),
    );
    await expect.poll(isDrawn).toBe(true);
    expect(picture.includes('34.9N')).toBe(true);
    expect(kept.length).toBeGreaterThan(1000);
    for (const trace of ['Exif', '34.9N']) expect(kept.includes(trace), trace).toBe(false);
    await inOrder(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a doubled file', () => {
  it('is laid beside the other, joined to it, and parted again', async () => {
    const { page, context, complaints } = await desk();
    await seated(page, 'county');
    const one = await entered(page, '柳小双', { school: '虚构小学' });
    const other = await entered(page, '柳小双', {
      health: '健康',
      resident_id: residentId('2011-02-03', 850),
    });
    await page.goto('/registry?within=370481106200&order=newest');
    for (const n of [0, 1]) {
      const row = page.locator('.list-table tbody tr').filter({ hasText: '柳小双' }).nth(n);
      await row.getByRole('checkbox').check();
    }
    await page.getByRole('link', { name: '合并档案' }).click();
    await page.waitForURL(new RegExp(`/registry/merge/(${one.id}|${other.id})/`));
    await page.locator('.merge-table .merge-differs').first().waitFor();
    const side = (name: string) =>
      page.locator('.merge-table tr', { has: page.getByRole('rowheader', { name, exact: true }) });
    expect((await side('就读学校').locator('td').allTextContents()).sort()).toEqual(['虚构小学', '—'].sort());
    expect((await side('健康状况').locator('td').allTextContents()).sort()).toEqual(['—', '健康'].sort());
    await inOrder(page);
    await page.getByRole('button', { name: '合并', exact: true }).click();
    await page.locator('.file-head').waitFor();
    expect(page.url(), 'the one with a resident id is kept').toContain(other.id);
    // The file is read anew once it stands there.
    for (const text of ['虚构小学', '健康'])
      await page.locator('#part-facts .facts bdi', { hasText: text }).waitFor();
    await page.getByRole('tab', { name: '重复档案' }).click();
    const joined = page.locator('#part-doubles tbody tr').filter({ hasText: '柳小双' });
    await joined.getByRole('button', { name: '撤销合并' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '撤销合并' }).click();
    await joined.getByText('已撤销').waitFor();
    await inOrder(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('the parts of a file', () => {
  it('tell of the application that a class came with', async () => {
    const { page, context, complaints } = await desk();
    await seated(page, 'county');
    const { items } = await ask<{ items: Array<{ child: string | null; number: string }> }>(
      page,
      'GET',
      '/api/applications?box=all&limit=200',
    );
    const known = items.find((one) => one.child !== null);
    await openFile(page, known?.child ?? '');
    await page.getByRole('tab', { name: '认定申请' }).click();
    await page
      .locator('#part-applications')
      .getByRole('link', { name: known?.number ?? '' })
      .waitFor();
    await inOrder(page);
    for (const [tab, part] of [
      ['走访', 'visits'],
      ['报告', 'reports'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator(`#part-${part}`).waitFor();
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});
