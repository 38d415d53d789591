/** A telephone in the street: a browser at the public pages, with nobody signed in and nothing kept. */
import type { BrowserContext, Page } from 'playwright-core';
import { inject } from 'vitest';
import { theBrowser } from '../../console/e2e/browser.ts';

export { fits, inOrder } from '../../console/e2e/desk.ts';
export { photograph } from '../../console/e2e/photograph.ts';

export interface Telephone {
  context: BrowserContext;
  page: Page;
  /** What the page complained about: errors, and what its policy forbade. */
  complaints: string[];
  /** The addresses it asked, the page's own files left out. */
  asked: string[];
}

/** A fresh telephone: narrow, touched with fingers. */
export async function telephone(width = 360, language = 'zh-CN'): Promise<Telephone> {
  const context = await (await theBrowser()).newContext({
    viewport: { width, height: 740 },
    hasTouch: width < 800,
    isMobile: width < 800,
    locale: language,
    baseURL: inject('street'),
  });
  // A machine may have others to serve.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A refused answer is written to the console by the browser itself.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    if (path.startsWith('/api/')) asked.push(`${request.method()} ${path}`);
  });
  return { context, page, complaints, asked };
}

/** A town by its county, in the picker of this name. */
export async function choosePlace(page: Page, id: string, county: string, town: string): Promise<void> {
  await page.locator(`#${id}-county`).selectOption({ label: county });
  await page.locator(`#${id}-town`).selectOption({ label: town });
}

/** Answers for a child whose father is dead and whose mother is in prison. */
export async function tellOfParents(page: Page): Promise<void> {
  await page.locator('#father-situation').selectOption('dead');
  await page.locator('#mother-situation').selectOption('imprisoned');
  await page.locator('#mother-since').fill('2021-02-01');
  await page.locator('#mother-months').fill('18');
}
