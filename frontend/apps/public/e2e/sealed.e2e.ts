/** A child affected by AIDS: the public pages tell where to go and leave nothing; what the county files, no town notices. */
import { describe, expect, it } from 'vitest';
import { ask, type Desk, desk, seated } from '../../console/e2e/desk.ts';
import { residentId } from '../../console/e2e/people.ts';
import { inOrder, telephone } from './street.ts';

const NAME = '虚构小隐';
/** An id that nothing has. */
const NOWHERE = '00000000-0000-7000-8000-000000000000';

async function signedIn(login: string): Promise<Desk> {
  const here = await desk();
  await seated(here.page, login);
  return here;
}

/** Takes a step as whoever is signed in here. */
async function moveOn(page: Desk['page'], id: string, act: string): Promise<void> {
  const { version } = await ask<{ version: number }>(page, 'GET', `/api/applications/${id}?purpose=test`);
  await ask(page, 'POST', `/api/applications/${id}/steps`, { version, act });
}

interface Entry {
  action: string;
  refused: boolean;
}

/** Everything a town's supervisor is told without asking for somebody: lists, what is due, notices, figures. */
async function toldTo(page: Desk['page']): Promise<string> {
  const paths = [
    '/api/applications?box=all&limit=200',
    '/api/applications?box=ours&limit=200',
    '/api/applications/tally',
    '/api/registry/children?limit=200',
    '/api/registry/summary?within=370481106000',
    '/api/registry/changes?within=370481106000&first=2021-10-01&last=2021-11-04',
    '/api/registry/due',
    '/api/registry/work-items',
  ];
  const told = [];
  for (const path of paths) told.push(await ask<unknown>(page, 'GET', path));
  const found = await ask<unknown>(page, 'POST', '/api/registry/children/search', { text: NAME });
  return JSON.stringify([told, found]);
}

describe('a child affected by AIDS', () => {
  it('is never asked for in the street: the page says where to go, asks nothing and keeps nothing', async () => {
    const { page, context, complaints, asked } = await telephone();
    await page.goto('/');
    await page.getByRole('link', { name: /感染了艾滋病病毒/ }).tap();
    await page.getByRole('heading', { level: 1, name: /感染了艾滋病病毒/ }).waitFor();
    await page.getByText('指定一名工作人员直接办理').waitFor();
    await inOrder(page);
    expect(asked, 'reading it asks the server nothing').toEqual([]);
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, document.cookie]));
    expect(kept).not.toMatch(/艾滋|county|hiv/i);
    // Whoever gets past the page is refused by the server.
    const refused = await page.evaluate(async () => {
      const form = { facts: { child: { hiv_infected: true } } };
      const answer = await fetch('/api/public/cases', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ phone: '15400001234', form }),
      });
      return [answer.status, (await answer.json()).code];
    });
    expect(refused).toEqual([409, 'public.county_alone']);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('filed with the county leaves no trace for a town supervisor', async () => {
    const town = await signedIn('town');
    const before = await toldTo(town.page);
    const county = await signedIn('county');
    const made = await ask<{ id: string }>(county.page, 'POST', '/api/applications', {
      matter: 'recognition',
      category: 'aids_affected',
      name: NAME,
      household: 370481106200,
      fields: { resident_id: residentId('2012-05-06', 91, '370499') },
      applicant: { name: '虚构外祖母', capacity: 'guardian' },
      facts: { child: { hiv_infected: true } },
    });
    await moveOn(county.page, made.id, 'submit');
    for (const act of ['accept', 'verify']) await moveOn(county.page, made.id, act);
    expect(await toldTo(town.page), 'nothing the town is told has changed').toBe(before);
    for (const path of ['/', '/applications', '/registry', `/registry?q=${encodeURIComponent(NAME)}`]) {
      await town.page.goto(path);
      await town.page.locator('main h1').first().waitFor();
      await town.page.locator('main').locator('table, .empty').first().waitFor();
      expect(await town.page.locator('main').textContent(), path).not.toContain(NAME);
    }
    const opened = await town.page.evaluate(
      async ([id, none]) => {
        const there = await fetch(`/api/applications/${id}?purpose=test`);
        const nowhere = await fetch(`/api/applications/${none}?purpose=test`);
        const body = async (answer: Response) => ({ ...(await answer.json()), instance: '' });
        return [there.status, nowhere.status, await body(there), await body(nowhere)];
      },
      [made.id, NOWHERE],
    );
    expect(opened[0]).toBe(404);
    expect(opened[2]).toEqual(opened[3]);
    for (const forbidden of ['/api/registry/journal', '/api/registry/jobs']) {
      const status = await town.page.evaluate(async (path) => (await fetch(path)).status, forbidden);
      expect(status, `${forbidden} is not for a town`).toBe(404);
    }
    // Nor does the auditor's journal, which a town may be shown a page of: it has the refusals of what was asked for just
    // now, of what there is and of what there is not, in the same words.
    const auditor = await signedIn('auditor');
    const { items } = await ask<{ items: Entry[] }>(auditor.page, 'GET', '/api/registry/journal?limit=200');
    const about = (id: string) =>
      items.filter((one) => JSON.stringify(one).includes(id)).map((one) => [one.action, one.refused]);
    expect(about(made.id)).toEqual(about(NOWHERE));
    expect(about(made.id)).toEqual([['applications.refused_to_officer', true]]);
    for (const one of [town, county, auditor]) await one.context.close();
  }, 180_000);
});
