/** A telephone in the street: a browser at the public pages, with nobody signed in and nothing kept. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser | undefined;

export async function openTelephones(): Promise<void> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--lang=zh-CN'] });
}

export async function closeTelephones(): Promise<void> {
  await browser?.close();
}

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
  if (!browser) throw new Error('no browser: call openTelephones first');
  const context = await browser.newContext({
    viewport: { width, height: 740 },
    hasTouch: width < 800,
    isMobile: width < 800,
    locale: language,
    baseURL: inject('street'),
  });
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

/** The page has no fault that axe knows of at levels A and AA, and is no wider than its window. */
export async function inOrder(page: Page): Promise<void> {
  // Through the debugger, so that the page's policy, which forbids foreign scripts, stays as it is.
  await page.evaluate(axe);
  const faults = await page.evaluate(async () => {
    interface Found {
      violations: Array<{ id: string; nodes: Array<{ html: string }> }>;
    }
    const run = (globalThis as unknown as { axe: { run: (on: Document, how: object) => Promise<Found> } }).axe
      .run;
    const found = await run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      resultTypes: ['violations'],
    });
    return found.violations.map(
      (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
  });
  expect(faults).toEqual([]);
  await fits(page);
}

/** Nothing is wider than the window. */
export async function fits(page: Page): Promise<void> {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(wide, `nothing sticks out at ${window} px: ${page.url()}`).toBeLessThanOrEqual(window ?? 0);
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

/** A photograph: a picture that the browser itself draws. */
export async function photograph(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 1200;
    canvas.height = 900;
    const pen = canvas.getContext('2d');
    if (!pen) return '';
    pen.fillStyle = '#e8e2d0';
    pen.fillRect(0, 0, 1200, 900);
    pen.fillStyle = '#222';
    pen.fillText('户口簿（虚构）', 100, 100);
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1] ?? '';
  });
  return Buffer.from(base64, 'base64');
}
