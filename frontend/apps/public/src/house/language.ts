/** The reader's language: kept in the browser, Chinese unless the browser asks for another. */
import { speak } from '@hutong/api';
import { computed, ref, watchEffect } from 'vue';
import { en } from '../words/en.ts';
import { type Words, zh } from '../words/zh.ts';

export type Language = 'zh-CN' | 'en';

const KEY = 'hutong.public.language';

function first(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === 'zh-CN' || kept === 'en') return kept;
  return navigator.language.startsWith('zh') ? 'zh-CN' : 'en';
}

export const language = ref<Language>(first());

/** The words of the pages in that language. */
export const words = computed<Words>(() => (language.value === 'zh-CN' ? zh : en));

/** Of a text in both languages, the reader's. */
export function told(text: { zh: string; en: string }): string {
  return language.value === 'zh-CN' ? text.zh : text.en;
}

watchEffect(() => {
  localStorage.setItem(KEY, language.value);
  document.documentElement.lang = language.value;
  document.title = words.value.name;
  speak(language.value);
});

/** A month such as 2021-11, as it is written. */
export function month(iso: string): string {
  const [year, number] = iso.split('-').map(Number);
  return language.value === 'zh-CN' ? `${year}年${number}月` : iso;
}

/** A day as people say it. */
export function day(iso: string): string {
  const [year, month, date] = iso.slice(0, 10).split('-').map(Number);
  return language.value === 'zh-CN' ? `${year}年${month}月${date}日` : iso.slice(0, 10);
}

/** The day of a moment, where the offices are. */
export function dayOf(moment: string): string {
  const there = new Date(new Date(moment).getTime() + 8 * 3_600_000);
  return day(there.toISOString());
}
