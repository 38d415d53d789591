/** A picture of every page that needs no child's number, for docs/screens: `make pictures`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { closeBrowser, desk, openBrowser, signIn } from './desk.ts';

const folder = join(import.meta.dirname, '../../../../docs/screens');

/** Name, officer, address, width, language. */
const PICTURES: Array<[name: string, officer: string, path: string, width: number, language: string]> = [
  ['home-city', 'city', '/', 1440, 'zh-CN'],
  ['home-city-en', 'city', '/', 1440, 'en'],
  ['home-county', 'county', '/', 1440, 'zh-CN'],
  ['home-admin', 'admin', '/', 1440, 'zh-CN'],
  ['home-phone', 'county', '/', 360, 'zh-CN'],
  ['children', 'county', '/registry', 1440, 'zh-CN'],
  ['imports', 'county', '/imports', 1440, 'zh-CN'],
  ['work-items', 'county', '/registry/work-items', 1440, 'zh-CN'],
  ['organisation', 'city', '/organisation', 1440, 'zh-CN'],
  ['accounts', 'admin', '/accounts', 1440, 'zh-CN'],
  ['journal', 'auditor', '/journal', 1440, 'zh-CN'],
  ['account', 'town', '/account', 1440, 'zh-CN'],
];

describe.runIf(process.env.PICTURES)('pictures', () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  it('of the sign-in', async () => {
    mkdirSync(folder, { recursive: true });
    const { page, context } = await desk();
    await page.goto('/sign-in');
    await page.locator('.demo-officers').waitFor();
    await page.screenshot({ path: join(folder, 'sign-in.png') });
    await context.close();
  });

  for (const [name, officer, path, width, language] of PICTURES) {
    it(`of ${name}`, async () => {
      const { page, context } = await desk(width, width < 500 ? 740 : 900);
      await page.addInitScript((chosen) => localStorage.setItem('hutong.language', chosen), language);
      await signIn(page, officer);
      if (path !== '/') await page.goto(path);
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: join(folder, `${name}.png`) });
      await context.close();
    });
  }
});
