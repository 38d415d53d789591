/** Another installation, pinned by two persons, and an application that it decides: by its package, as a file. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { act } from './bureau.ts';
import { ask, become, desk, inOrder } from './desk.ts';

/** The last thirty-two bytes of a public key as it is written: the key itself. */
const digits = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');

/** The card of an invented installation in 江苏. */
function cardOf(name: string): string {
  const path = join(tmpdir(), `${name}-${process.pid}.json`);
  const sign = digits(generateKeyPairSync('ed25519').publicKey);
  const open = digits(generateKeyPairSync('x25519').publicKey);
  writeFileSync(
    path,
    JSON.stringify({ format: 1, name, sign, open, serves: '{[320500000000,320600000000)}' }),
  );
  return path;
}

async function chooseTown(page: Page): Promise<void> {
  const steps = page.locator('.picker select');
  for (const [step, name] of ['江苏省', '苏州市', '虎丘区'].entries()) {
    await steps.nth(step).selectOption({ label: name });
  }
  await steps.nth(3).selectOption({ index: 1 });
}

describe('another installation', () => {
  it('is proposed by its card and confirmed by somebody else, by what the other side reads out', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'county', '/exchange/peers');
    await page.getByText('尚未登记其他系统').waitFor();
    await inOrder(page);
    await page.getByRole('button', { name: '登记其他系统' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('对方名片').setInputFiles(cardOf('虚构苏州市'));
    await form.getByRole('button', { name: '登记其他系统' }).click();
    const row = page.getByRole('row', { name: /虚构苏州市/ });
    await row.getByText('待确认').waitFor();
    await row.getByText('江苏省 苏州市').waitFor();
    expect(await row.getByRole('button', { name: '确认登记' }).count(), 'not by whoever proposed it').toBe(0);

    await become(page, 'county-approver', '/exchange/peers');
    const peers = await ask<{ items: Array<{ fingerprint: string }> }>(page, 'GET', '/api/exchange/peers');
    const confirm = async (fingerprint: string) => {
      await page.getByLabel('对方读出的指纹').fill(fingerprint);
      await page.getByRole('dialog').getByRole('button', { name: '确认登记' }).click();
    };
    await row.getByRole('button', { name: '确认登记' }).click();
    await confirm('0000 0000');
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await confirm(peers.items[0]?.fingerprint ?? '');
    await row.getByText('已登记').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('gets an application as a file, which only it can open; what is no package is refused in words', async () => {
    const { page, context, complaints } = await desk();
    await become(page, 'town', '/applications/new');
    await page.getByLabel('姓名', { exact: true }).fill('虚构小远');
    await chooseTown(page);
    await page.getByLabel('出生日期').fill('2013-06-18');
    await page.getByLabel('类别').selectOption('de_facto_unattended');
    await page.getByLabel('申请人姓名').fill('虚构祖母');
    await act(page, '存为草稿').click();
    await page.locator('.legs').waitFor();
    await page.getByText('他系统决定').waitFor();
    for (const name of ['提交', '受理', '推送户籍地']) await act(page, name).click();
    await page.getByText('有 1 个数据包尚无回执').waitFor();
    await page.getByRole('link', { name: '查看数据包' }).click();
    const row = page.getByRole('row', { name: /虚构苏州市/ });
    await row.getByText('等待回执').waitFor();
    await inOrder(page);
    const taken = page.waitForEvent('download');
    await row.getByRole('button', { name: '导出文件' }).click();
    expect((await taken).suggestedFilename()).toMatch(/\.package$/);

    await page.locator('.drop-area input').setInputFiles({
      name: 'letter.package',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('no package'),
    });
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(/数据包/);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
