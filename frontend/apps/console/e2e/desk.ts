/** A browser at an officer's desk: signing in, looking, and whether a page is in order. */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { program, theBrowser } from './browser.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The folders of the console, which the keys of texts begin with. */
const FEATURES = readdirSync(join(import.meta.dirname, '../src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** How long a step is waited for, in milliseconds: a machine may have others to serve. */
const PATIENCE = 60_000;

export interface Desk {
  context: BrowserContext;
  page: Page;
  /** What the page complained about: errors, and what its policy forbade. */
  complaints: string[];
}

/** A fresh desk: nobody is signed in, nothing is kept. It is in the common city, unless another is named. */
export async function desk(width = 1440, height = 900, baseURL = inject('city')): Promise<Desk> {
  const context = await (await theBrowser()).newContext({
    viewport: { width, height },
    locale: 'zh-CN',
    baseURL,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A refused answer is written to the console by the browser itself.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text());
  });
  return { context, page, complaints };
}

/** A desk with a browser of its own, whose profile is on disk as at an office; both are gone when the test is over. */
export async function ownDesk(): Promise<Omit<Desk, 'complaints'>> {
  const profile = mkdtempSync(join(tmpdir(), 'hutong-desk-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...program,
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    baseURL: inject('city'),
  });
  onTestFinished(async () => {
    await context.close();
    // The browser's helpers outlive it by a moment, and write: what is not empty is tried again.
    await rm(profile, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
  });
  return { context, page: await context.newPage() };
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** Who signed in once goes on with that session: most journeys are about what comes after it. */
const sessions = new Map<string, Cookies>();

/** Is one of the demo's officers already, at this page. */
export async function become(page: Page, login: string, path = '/'): Promise<void> {
  if ((await signedIn(page, login)) && path === '/') return;
  await page.goto(path);
  await page.locator('.side').waitFor({ state: 'attached' });
}

/** The same for whoever only asks to begin with: a picture of the console's stands for its pages, which are much to read. */
export async function seated(page: Page, login: string): Promise<void> {
  if (!(await signedIn(page, login))) await page.goto('/console/mark.svg');
}

/** Goes on with the session that is kept; whether it took a sign-in, after which one is at the home page. */
async function signedIn(page: Page, login: string): Promise<boolean> {
  const kept = sessions.get(login);
  if (kept) {
    await page.context().addCookies(kept);
    return false;
  }
  await signIn(page, login);
  sessions.set(login, await page.context().cookies());
  return true;
}

/** Asks the server as whoever is signed in here; what a journey is not about is set up this way. */
export async function ask<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ([how, where, sent, key]) => {
      const response = await fetch(where as string, {
        method: how as string,
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key as string },
        ...(sent !== undefined && { body: JSON.stringify(sent) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${how} ${where}: ${response.status} ${text}`);
      return text ? JSON.parse(text) : undefined;
    },
    [method, path, body, crypto.randomUUID()],
  ) as Promise<T>;
}

/** How long a code of the second factor is the same, in milliseconds. */
const CODE_LASTS = 30_000;

/**
 * Signs in as one of the demo's officers and arrives at the home page. A code of the second factor is good once, so
 * whoever signed in with it in another journey waits for the next.
 */
export async function signIn(page: Page, login: string): Promise<void> {
  await page.goto('/sign-in');
  const button = page.locator('.demo-officers button');
  await button.first().waitFor();
  const logins = await page.evaluate(async () => {
    const told = await (await fetch('/api/organisation/demonstration')).json();
    return (told.officers as Array<{ login: string }>).map((officer) => officer.login);
  });
  const officer = button.nth(logins.indexOf(login));
  const side = page.locator('.side');
  await officer.click();
  await side.or(page.getByRole('alert')).first().waitFor({ state: 'attached' });
  if ((await side.count()) === 0) {
    await page.waitForTimeout(CODE_LASTS - (Date.now() % CODE_LASTS));
    await officer.click();
    await side.waitFor({ state: 'attached' });
  }
}

/** The page has no fault that axe knows of at levels A and AA, and is no wider than its window. */
export async function inOrder(page: Page): Promise<void> {
  // Through the debugger, so that the page's policy, which forbids foreign scripts, stays as it is; once for a document.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const faults = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run: (on: Document, how: object) => Promise<Found> } }).axe
      .run;
    interface Found {
      violations: Array<{ id: string; nodes: Array<{ html: string }> }>;
    }
    const found = await run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      resultTypes: ['violations'],
    });
    return found.violations.map(
      (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
  });
  expect(faults).toEqual([]);
  expect(await unsaid(page), 'every text has its words').toEqual([]);
  await fits(page);
}

/** Keys of texts that stand in the page in place of the texts. */
async function unsaid(page: Page): Promise<string[]> {
  const text = await page.evaluate(() => `${document.title} ${document.body.textContent}`);
  return text.match(new RegExp(`(?<![\\w/.])(?:${FEATURES.join('|')})(?:\\.\\w+)+`, 'g')) ?? [];
}

/** Nothing is wider than the window. */
export async function fits(page: Page): Promise<void> {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(wide, `nothing sticks out at ${window} px: ${page.url()}`).toBeLessThanOrEqual(window ?? 0);
}

/** A text that is broken into more lines than these has at least so many signs in each, and its row is no taller than that. */
const LINES = 3;
const SIGNS_A_LINE = 3;
const TALLEST_ROW = 130;
const TALLEST_OF_VALUES = 300;

/** No text of a table falls letter below letter: its box scrolls instead. Rows that list values may be taller. */
export async function legible(page: Page): Promise<void> {
  const broken = await page.evaluate(
    ([most, fewest, tallest, tallestOfValues]) =>
      [...document.querySelectorAll<HTMLElement>('.table > tbody > tr > *')].flatMap((cell) => {
        const text = (cell.textContent ?? '').replace(/\s+/g, '');
        const { width, height } = cell.getBoundingClientRect();
        if (height === 0 || text === '') return [];
        const words = document.createRange();
        words.selectNodeContents(cell);
        const ends = Array.from(words.getClientRects(), (one) => one.bottom).sort((a, b) => a - b);
        // Of small and large type in one line the boxes end a little apart.
        const lines = ends.filter((end, at) => at === 0 || end - (ends[at - 1] ?? 0) > 8).length;
        const isBroken = lines > most && text.length < lines * fewest;
        const lists = cell.parentElement?.querySelector('.history-values') !== null;
        const isTall = height > (lists ? tallestOfValues : tallest);
        return isBroken || isTall ? [`${Math.round(width)}×${Math.round(height)}: ${text}`] : [];
      }),
    [LINES, SIGNS_A_LINE, TALLEST_ROW, TALLEST_OF_VALUES] as const,
  );
  expect(broken, `every table can be read: ${page.url()}`).toEqual([]);
}

/** On paper: no control that nobody can use there. The heads of a table and the view that is chosen are buttons, and text. */
export async function onPaper(page: Page): Promise<void> {
  await page.emulateMedia({ media: 'print' });
  const shown = await page
    .locator('input, select, textarea, button:not(th button):not([aria-pressed=true])')
    .filter({ visible: true })
    .all();
  const controls = await Promise.all(shown.map((one) => one.evaluate((control) => control.outerHTML)));
  expect(controls, `no controls are printed: ${page.url()}`).toEqual([]);
  await page.emulateMedia({ media: 'screen' });
}

/** All that was asked for is there. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1, main .empty, main .panel').first().waitFor();
  await expect.poll(() => page.locator('p.part-state[role=status]').count()).toBe(0);
}

/** In order, and nothing sticks out: from a telephone to a wall, in large text, and in the other language. */
export async function atEveryWidth(page: Page): Promise<void> {
  await inOrder(page);
  await inLargeText(page);
  for (const width of [360, 768, 2560]) {
    await page.setViewportSize({ width, height: 800 });
    await fits(page);
    if (width > 360) continue;
    await legible(page);
    await inLargeText(page);
    await inTheOtherLanguage(page, () => fits(page));
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

async function inLargeText(page: Page): Promise<void> {
  const large = (is: boolean) =>
    page.evaluate((on) => {
      if (on) document.documentElement.dataset.text = 'large';
      else delete document.documentElement.dataset.text;
    }, is);
  await large(true);
  await fits(page);
  await large(false);
}

/** Looks at a page in the other language, and returns to its own. */
async function inTheOtherLanguage(page: Page, look: () => Promise<void>): Promise<void> {
  // Not a click of the mouse: behind a dialog that is open the bar is out of reach.
  const change = () =>
    page.evaluate(() =>
      document.querySelector<HTMLElement>('button[lang="en"], button[lang="zh-CN"]')?.click(),
    );
  const before = await page.evaluate(() => document.documentElement.lang);
  await change();
  expect(await page.evaluate(() => document.documentElement.lang)).not.toBe(before);
  await look();
  expect(await unsaid(page), 'every text has its words').toEqual([]);
  await change();
}

/** Opens a child's file for a purpose. */
export async function openFile(page: Page, child: string, purpose = '核对信息'): Promise<void> {
  await page.goto(`/registry/${child}`);
  await page.getByRole('combobox', { name: '事由' }).selectOption({ label: purpose });
  await page.getByRole('button', { name: '打开档案' }).click();
  await page.locator('.file-head').waitFor();
}

/** Goes on with the keyboard until this has the focus. */
export async function tabTo(page: Page, wanted: Locator, most = 60): Promise<void> {
  for (let n = 0; n < most; n++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((one) => one === document.activeElement)) return;
  }
  throw new Error(`${wanted} is not reached by the keyboard`);
}
