/** A picture of every public page, for docs/screens: `make pictures`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { choosePlace, telephone, tellOfParents } from './street.ts';

const folder = join(import.meta.dirname, '../../../../docs/screens');

/** Name, address, width, language. */
const PICTURES: Array<[name: string, path: string, width: number, language: string]> = [
  ['public-home', '/', 360, 'zh-CN'],
  ['public-home-en', '/', 360, 'en'],
  ['public-home-wide', '/', 1280, 'zh-CN'],
  ['public-entitlement', '/entitlement', 360, 'zh-CN'],
  ['public-resume', '/resume', 360, 'zh-CN'],
  ['public-status', '/status', 360, 'zh-CN'],
  ['public-county', '/county', 360, 'zh-CN'],
];

describe.runIf(process.env.PICTURES)('pictures', () => {
  for (const [name, path, width, language] of PICTURES) {
    it(`of ${name}`, async () => {
      mkdirSync(folder, { recursive: true });
      const { page, context } = await telephone(width, language);
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      await context.close();
    });
  }

  it('of an answer, and of an application that is filled in', async () => {
    const { page, context } = await telephone();
    await page.goto('/entitlement');
    await page.waitForLoadState('networkidle');
    await page.locator('#place').selectOption({ label: '滕州市民政局' });
    await tellOfParents(page);
    await page.locator('#born').fill('2013-06-18');
    await page.getByRole('button', { name: '看结果' }).tap();
    await page.locator('.class.holds').waitFor();
    await page.screenshot({ path: join(folder, 'public-answer.png'), fullPage: true });
    await page.getByRole('button', { name: '用这些回答去申请' }).tap();
    await page.locator('#town-county').waitFor();
    await page.waitForLoadState('networkidle');
    await choosePlace(page, 'town', '台儿庄区民政局', '运河街道');
    await choosePlace(page, 'household', '滕州市民政局', '西岗镇');
    await page.locator('#phone').fill('15400001234');
    await page.screenshot({ path: join(folder, 'public-apply.png'), fullPage: true });
    await page.getByRole('button', { name: '保存并得到查询码' }).tap();
    await page.getByLabel('孩子姓名').waitFor();
    await page.screenshot({ path: join(folder, 'public-apply-child.png'), fullPage: true });
    await context.close();
  });
});
