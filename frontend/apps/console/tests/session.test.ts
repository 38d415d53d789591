/** The password again, before what matters; and going along tabs. */
import { Problem } from '@hutong/api';
import { describe, expect, it } from 'vitest';
import { tabAfter } from '../src/registry/file/tabs.ts';
import { asking, proved } from '../src/session/proof.ts';

const wanted = new Problem({ code: 'reauthenticate', status: 403, title: '' });

/** Refuses until it was proved so many times. */
function refusing(times: number): () => Promise<string> {
  let left = times;
  return async () => {
    if (left-- > 0) throw wanted;
    return 'done';
  };
}

describe('what wants the password again', () => {
  it('is done once more when it was given', async () => {
    const done = proved(refusing(1));
    await expect.poll(() => asking.value).toBeDefined();
    asking.value?.done();
    expect(await done).toBe('done');
    expect(asking.value).toBeUndefined();
  });

  it('is given up by whoever cancels, and other problems ask nobody', async () => {
    const given = proved(refusing(1));
    await expect.poll(() => asking.value).toBeDefined();
    asking.value?.cancelled();
    await expect(given).rejects.toMatchObject({ code: 'cancelled' });
    const other = new Problem({ code: 'stale', status: 409, title: '' });
    await expect(proved(() => Promise.reject(other))).rejects.toBe(other);
    expect(asking.value).toBeUndefined();
  });
});

describe('tabs', () => {
  const codes = ['a', 'b', 'c'];

  it('are gone along with the arrows, round the ends', () => {
    expect([tabAfter(codes, 'a', 'ArrowRight'), tabAfter(codes, 'c', 'ArrowRight')]).toEqual(['b', 'a']);
    expect([tabAfter(codes, 'b', 'ArrowLeft'), tabAfter(codes, 'a', 'ArrowLeft')]).toEqual(['a', 'c']);
    expect([tabAfter(codes, 'b', 'Home'), tabAfter(codes, 'b', 'End')]).toEqual(['a', 'c']);
    expect(tabAfter(codes, 'b', 'x')).toBeUndefined();
  });
});
