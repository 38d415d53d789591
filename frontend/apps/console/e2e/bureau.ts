/** An application on an officer's desk: found in the list, opened for a purpose, moved on. */
import type { Page } from 'playwright-core';
import { become, type Desk, desk } from './desk.ts';

/** States the purpose, where it is asked for. */
export async function openFor(page: Page): Promise<void> {
  const gate = page.locator('.gate');
  await gate.or(page.locator('.legs')).first().waitFor();
  if ((await gate.count()) > 0) {
    await gate.getByRole('combobox').selectOption({ index: 1 });
    await gate.getByRole('button', { name: '打开' }).click();
  }
  await page.locator('.legs').waitFor();
}

/** A desk of this officer, at the application. */
export async function deskOf(login: string, path: string): Promise<Desk> {
  const here = await desk();
  await become(here.page, login, path);
  await openFor(here.page);
  return here;
}

/** A desk of this officer, at the application of this number, which waits there. */
export async function deskWith(login: string, number: string): Promise<Desk> {
  const here = await desk();
  await become(here.page, login, '/applications');
  await here.page.getByRole('link', { name: number, exact: true }).click();
  await openFor(here.page);
  return here;
}

export const act = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
