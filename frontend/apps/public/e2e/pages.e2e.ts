/** Every public page: in order at every width, in both languages, in large text, and by the keyboard alone. */
import { describe, expect, it } from 'vitest';
import { fits, inOrder, telephone } from './street.ts';

const PAGES = ['/', '/entitlement', '/apply', '/resume', '/status', '/county'];

describe('the public pages', () => {
  it('fit from a telephone to a wall, in both languages and in large text', async () => {
    const { page, context, complaints } = await telephone(360);
    for (const path of PAGES) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      for (const width of [360, 414, 768, 1280, 1920, 2560]) {
        await page.setViewportSize({ width, height: 800 });
        await fits(page);
      }
      await page.setViewportSize({ width: 360, height: 740 });
      await page.getByRole('button', { name: '大字' }).tap();
      await inOrder(page);
      await page.getByRole('button', { name: 'English' }).tap();
      await inOrder(page);
      const title = await page.title();
      expect(title).not.toMatch(/\p{Script=Han}/u);
      // Names of places and of documents stay as they are.
      const texts = await page.evaluate(() => {
        const nodes = [...document.querySelectorAll('main *:not(option)')].flatMap((one) => [
          ...one.childNodes,
        ]);
        return nodes.filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.nodeValue ?? '');
      });
      const own = texts.join(' ').replace(/民发〔\d+〕\d+号/g, '');
      expect(own, `${path} is English throughout`).not.toMatch(/\p{Script=Han}/u);
      await page.getByRole('button', { name: '中文' }).tap();
      await page.getByRole('button', { name: '标准字' }).tap();
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('answer what a child is entitled to without a name, and say what is not verified', async () => {
    const { page, context, complaints, asked } = await telephone();
    await page.goto('/entitlement');
    await page.locator('#place option', { hasText: '滕州市民政局' }).waitFor({ state: 'attached' });
    await page.locator('#place').selectOption({ label: '滕州市民政局' });
    // How ill a parent has to be is one of the rules that nobody has compared with its source.
    await page.locator('#father-situation').selectOption('dead');
    await page.locator('#mother-situation').selectOption('serious_illness');
    await page.locator('#born').fill('2013-06-18');
    await page.getByRole('button', { name: '看结果' }).tap();
    const card = page.locator('.class.holds');
    await card.getByRole('heading', { name: /事实无人抚养儿童/ }).waitFor();
    await card
      .getByText(/民发〔2019〕62号/)
      .first()
      .waitFor();
    expect(await page.getByText('待核实').count()).toBeGreaterThan(0);
    expect(await page.getByText('艾滋病', { exact: false }).count(), 'the link to its own page alone').toBe(
      1,
    );
    await inOrder(page);
    expect(asked).toEqual(['GET /api/public/places', 'POST /api/public/entitlement']);
    await page.getByRole('button', { name: '用这些回答去申请' }).tap();
    await page.getByRole('heading', { level: 1, name: '网上申请' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('tell a wrong code and a wrong number the same, and nothing more', async () => {
    const { page, context } = await telephone();
    await page.goto('/status');
    await page.getByLabel('查询码').fill('7777-7777-7777-7777-7777');
    await page.getByLabel('孩子身份证号后四位').fill('000X');
    await page.getByRole('button', { name: '查询' }).tap();
    await page.getByRole('alert').getByText('没有找到').waitFor();
    await inOrder(page);
    await context.close();
  });

  it('are reached and left by the keyboard', async () => {
    const { page, context } = await telephone(1280);
    await page.goto('/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await page.getByRole('link', { name: /先问一问/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: '孩子能享受什么' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName), 'the new page is announced').toBe(
      'H1',
    );
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: /可以在这里申请帮助/ }).waitFor();
    await context.close();
  });
});
