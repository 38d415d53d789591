/** A hundred texts that mean harm, typed into forms and read in lists: none runs, none breaks the layout. */
import { describe, expect, it } from 'vitest';
import { ask, desk, fits, inOrder, seated } from './desk.ts';
import type { Created } from './people.ts';

const KERNELS = [
  '<img src=x onerror=alert(1)>',
  '<script>window.hurt=1</script>',
  '"><svg onload=alert(1)>',
  "'-alert(1)-'",
  '{{constructor.constructor("alert(1)")()}}',
  '=HYPERLINK("http://x.invalid","a")',
  '@SUM(A:A)',
  '+cmd|calc!A',
  '\u202E孩儿\u202C甲',
  '\u2067שם\u2069',
  '𠮷𠀋𠂢',
  'é̂̃̄̅̆̇̈',
  '👨‍👩‍👧‍👦',
  '‮',
  '%s%n$(x)',
  '&lt;b&gt;',
  'javascript:alert(1)',
  '甲'.repeat(60),
  'W'.repeat(60),
  '𠮷'.repeat(60),
];
/** A hundred: each kernel alone, and between words. */
const HOSTILE = Array.from({ length: 100 }, (_, n) => {
  const kernel = KERNELS[n % KERNELS.length] ?? '';
  const round = Math.floor(n / KERNELS.length);
  return round === 0
    ? kernel
    : Array.from(`${'甲乙丙丁'[round - 1]}${kernel}`)
        .slice(0, 60)
        .join('');
});
/** The fields of a file whose text a page shows as it is. */
const FIELDS = ['民族', '就读学校', '就学情况', '健康状况', '残疾类别', '残疾等级', '患病情况', '开户行'];

describe('texts that mean harm', () => {
  it('are kept as they are, run nowhere and fit everywhere', async () => {
    const { page, context, complaints } = await desk();
    let hurt = false;
    page.on('dialog', (dialog) => {
      hurt ||= dialog.type() === 'alert';
      void dialog.accept();
    });
    await seated(page, 'town');
    const names = HOSTILE.slice(0, KERNELS.length);
    const made = await Promise.all(
      names.map((name) =>
        ask<Created>(page, 'POST', '/api/registry/children', { name, household: 370481106200, fields: {} }),
      ),
    );
    await page.goto(`/registry/${made[0]?.id}`);
    await page.getByRole('combobox', { name: '事由' }).selectOption({ label: '核对信息' });
    await page.getByRole('button', { name: '打开档案' }).click();
    for (let at = 0; at < HOSTILE.length; at += FIELDS.length) {
      const texts = HOSTILE.slice(at, at + FIELDS.length);
      await page.getByRole('button', { name: '登记变更' }).click();
      for (const [n, text] of texts.entries())
        await page.getByLabel(FIELDS[n] ?? '', { exact: true }).fill(text);
      await page.getByRole('button', { name: '保存' }).click();
      await page.getByRole('button', { name: '登记变更' }).waitFor();
      const shown = await page.locator('#part-facts .facts bdi').allTextContents();
      for (const text of texts) expect(shown, text).toContain(text.trim());
    }
    await page.getByRole('tab', { name: '变更记录' }).click();
    await page.locator('#part-history .now').first().waitFor();
    await inOrder(page);

    await page.goto('/registry?within=370481106200&order=newest');
    await page
      .locator('.list-table tbody tr')
      .nth(names.length - 1)
      .waitFor();
    const listed = await page.locator('.list-table .name').allTextContents();
    for (const name of names) expect(listed).toContain(name);
    for (const width of [360, 1440, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await fits(page);
    }
    await inOrder(page);
    expect(hurt).toBe(false);
    expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
