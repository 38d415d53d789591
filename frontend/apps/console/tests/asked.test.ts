import { afterEach, describe, expect, it, vi } from 'vitest';
import { askedBefore } from '../../../packages/api/src/asked.ts';

const early = globalThis as { hutongAsked?: Map<string, Promise<Response>> | undefined };
const request = (path: string, method = 'GET') => new Request(`http://127.0.0.1${path}`, { method });

describe('what was asked for before the scripts stood', () => {
  afterEach(() => {
    early.hutongAsked = undefined;
    vi.restoreAllMocks();
  });

  it('is taken once, by the same question alone', async () => {
    const answer = Promise.resolve(new Response('{}'));
    early.hutongAsked = new Map([['/api/registry/summary?within=1', answer]]);
    expect(askedBefore(request('/api/registry/summary?within=2'))).toBeUndefined();
    expect(askedBefore(request('/api/registry/summary?within=1', 'DELETE'))).toBeUndefined();
    expect(askedBefore(request('/api/registry/summary?within=1'))).toBe(answer);
    expect(askedBefore(request('/api/registry/summary?within=1'))).toBeUndefined();
  });

  it('is of no use to a page that stands for a while', () => {
    early.hutongAsked = new Map([['/api/health', Promise.resolve(new Response('{}'))]]);
    vi.spyOn(performance, 'now').mockReturnValue(60_000);
    expect(askedBefore(request('/api/health'))).toBeUndefined();
  });
});
