/** Every text exists in both languages, says something, and every text that the code asks for exists. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gathered } from '../src/house/language.ts';
import { pages } from '../src/house/routes.ts';
import type { Texts } from '../src/house/texts.ts';

const source = join(import.meta.dirname, '../src');

function flat(texts: Texts, above = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') all.set(above + key, value);
    else for (const [path, text] of flat(value, `${above}${key}.`)) all.set(path, text);
  }
  return all;
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return /\.(vue|ts)$/.test(name) && !name.endsWith('.test.ts') ? [path] : [];
  });
}

const zh = flat(gathered('zh'));
const en = flat(gathered('en'));

describe('texts', () => {
  it('exist in both languages', () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort());
    for (const [key, text] of [...zh, ...en]) expect(text.trim(), key).not.toBe('');
  });

  it('ask for the same values in both languages', () => {
    const values = (text: string | undefined) => (text?.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of zh) expect(values(en.get(key)), key).toEqual(values(text));
  });

  it('are Chinese where they should be, and English where they should be', () => {
    const others = [...en].filter(([key, text]) => /\p{Script=Han}/u.test(text) && key !== 'shell.language');
    expect(others).toEqual([]);
  });

  it('say nothing of left and right: on a telephone things stand below each other', () => {
    const sides = [...zh, ...en].filter(([, text]) => /[左右]侧|[左右]边|on the (?:left|right)/.test(text));
    expect(sides).toEqual([]);
  });

  it('call no two pages of the navigation alike', () => {
    for (const texts of [zh, en]) {
      const titles = pages
        .map(({ meta }) => texts.get(meta?.title ?? '') ?? '')
        .filter((title) => title !== '');
      expect([...titles].sort()).toEqual([...new Set(titles)].sort());
    }
  });

  it('are there wherever the code asks for one', () => {
    const missing = files(source).flatMap((path) => {
      const code = readFileSync(path, 'utf8');
      const asked = [...code.matchAll(/\b(?:t|say)\(\s*'([a-z]+(?:\.\w+)+)'/g)].map(
        (match) => match[1] ?? '',
      );
      return asked.filter((key) => !zh.has(key)).map((key) => `${path.slice(source.length)}: ${key}`);
    });
    expect(missing).toEqual([]);
  });

  it('are all asked for by somebody', () => {
    const code = files(source)
      .filter((path) => !/(?:texts|payWords|chinese|english)\.ts$/.test(path))
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    // Of `t(\`registry.tab.${code}\`)` every text of the kind is asked for.
    const kinds = [...code.matchAll(/[`']([a-zA-Z]+(?:\.\w+)*\.)\$\{/g)].map((found) => found[1] ?? '');
    const dead = [...zh.keys()].filter(
      (key) => !code.includes(`'${key}'`) && !kinds.some((kind) => key.startsWith(kind)),
    );
    expect(dead).toEqual([]);
  });

  it('stand nowhere in a template', () => {
    const bare = files(source).filter((path) => {
      if (!path.endsWith('.vue')) return false;
      const template = readFileSync(path, 'utf8').replace(
        /<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g,
        '',
      );
      return /[\p{Script=Han}、。，；：（）]/u.test(template);
    });
    expect(bare).toEqual([]);
  });
});
