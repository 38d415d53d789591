/** Both languages say everything, each in its own script. */
import { describe, expect, it } from 'vitest';
import { en } from '../src/words/en.ts';
import { zh } from '../src/words/zh.ts';

const units = { accepting: 'A', verifying: 'B', deciding: 'C' };

/** Every text with its place; a function is asked with something harmless. */
function texts(of: unknown, at = ''): Array<[string, string]> {
  if (typeof of === 'string') return [[at, of]];
  if (typeof of === 'function') {
    const asked = of as (...given: unknown[]) => string;
    return [[at, at.includes('.stages.') ? asked(units) : asked('7', '8')]];
  }
  return Object.entries(of as object).flatMap(([name, one]) => texts(one, `${at}.${name}`));
}

describe('the words of the public pages', () => {
  it('are the same places in both languages, and none is empty', () => {
    expect(texts(en).map(([at]) => at)).toEqual(texts(zh).map(([at]) => at));
    for (const [at, text] of [...texts(zh), ...texts(en)]) expect(text.trim(), at).not.toBe('');
  });

  it('are Chinese in Chinese and English in English', () => {
    const own = ['.bar.language', '.county.unverified'];
    for (const [at, text] of texts(en)) {
      if (!own.includes(at)) expect(text, at).not.toMatch(/\p{Script=Han}/u);
    }
    for (const [at, text] of texts(zh)) {
      if (!own.includes(at)) expect(text, at).toMatch(/\p{Script=Han}/u);
    }
  });
});
