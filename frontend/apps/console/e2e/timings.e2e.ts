/**
 * How long an officer waits at 200 000 children, on a processor slowed down four times: `make timings`. The figures are
 * printed with the machine's load and not judged here: they are only worth something on a calm machine.
 */
import { loadavg } from 'node:os';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { ask, become, closeBrowser, desk, openBrowser } from './desk.ts';

const SLOWER = 4;
const HOMES = 7;
const FILTERS = 40;

const quantile = (all: number[], at: number): number => {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * at) - 1)] ?? Number.NaN;
};

function said(what: string, all: number[]): void {
  const [median, p95] = [quantile(all, 0.5), quantile(all, 0.95)].map(Math.round);
  const load = loadavg().map((one) => one.toFixed(1));
  process.stdout.write(
    `${what}: median ${median} ms, p95 ${p95} ms of ${all.length}; load ${load.join(' ')}\n`,
  );
}

describe.runIf(process.env.TIMINGS)('at two hundred thousand children', () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  for (const officer of ['city', 'county']) {
    it(`the home of ${officer} can be used, and the list of children narrows`, {
      timeout: 600_000,
    }, async () => {
      const { page, context } = await desk();
      await become(page, officer);
      const { total } = await ask<{ total: { children: number } }>(
        page,
        'GET',
        `/api/registry/summary?within=${officer === 'city' ? 370400000000 : 370481000000}`,
      );
      process.stdout.write(`${officer}: ${total.children} children within reach\n`);
      const slow = await context.newCDPSession(page);
      await slow.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });

      const homes: number[] = [];
      for (let n = 0; n < HOMES; n++) {
        const begun = performance.now();
        await page.goto('/', { waitUntil: 'commit' });
        await page.locator('.headline').waitFor();
        homes.push(performance.now() - begun);
      }
      said(`${officer}, home until its figures are there`, homes);

      await page.goto('/registry');
      await page.locator('.list-table tbody tr').first().waitFor();
      const choice = page.getByRole('combobox', { name: '类别' });
      const classes = ['key_hardship', 'left_behind', 'de_facto_unattended', 'scattered_orphan'];
      const filters: number[] = [];
      for (let n = 0; n < FILTERS; n++) {
        // From the choice to the frame in which the rows of the answer stand: measured in the page itself.
        const taken = await choice.evaluate(
          async (select: HTMLSelectElement, value: string) => {
            const begun = performance.now();
            const answered = new Promise<void>((done) => {
              const seen = new PerformanceObserver((list) => {
                if (!list.getEntries().some((one) => one.name.includes('/registry/children?'))) return;
                seen.disconnect();
                requestAnimationFrame(() => requestAnimationFrame(() => done()));
              });
              seen.observe({ entryTypes: ['resource'] });
              setTimeout(done, 5_000);
            });
            select.value = value;
            select.dispatchEvent(new Event('change'));
            await answered;
            return performance.now() - begun;
          },
          classes[n % classes.length] ?? '',
        );
        filters.push(taken);
      }
      said(`${officer}, list narrowed to a class`, filters);
      await context.close();
    });
  }
});
