// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const ME = '/api/organisation/me';
const figures = (seat: number) => `/api/registry/summary?within=${seat}`;

/** A load of the home by whoever may do this and sits there; the addresses that were asked for, in their order. */
async function load(seat: number, actions: string[]): Promise<string[]> {
  const asked: string[] = [];
  const answer = JSON.stringify({ actions, seat: [{ division: 1 }, { division: seat }] });
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    return Promise.resolve(new Response(path === ME ? answer : '{}'));
  });
  vi.resetModules();
  await import('../src/early.ts');
  await new Promise((done) => setTimeout(done, 20));
  return asked;
}

describe('what the home needs first', () => {
  beforeEach(() => {
    localStorage.clear();
    history.replaceState(null, '', '/');
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('is asked for at once where it was asked for last time', async () => {
    expect((await load(7, ['read_figures'])).at(-1)).toBe(figures(7));
    const again = await load(7, ['read_figures']);
    expect(again[0]).toBe(figures(7));
    expect(again.filter((path) => path === figures(7)).length).toBe(1);
  });

  it('is asked for anew by whoever sits elsewhere, and not again by whoever may not read it', async () => {
    await load(7, ['read_figures']);
    expect(await load(8, ['read_figures'])).toContain(figures(8));
    await load(8, []);
    expect(await load(8, [])).not.toContain(figures(8));
  });
});
