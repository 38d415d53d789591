/** The two languages of the screens. Texts are gathered from every feature's `texts.ts`, under its folder's name. */
import { speak } from '@hutong/api';
import { createI18n } from 'vue-i18n';
import { keep, kept } from './keeping.ts';
import type { Texts } from './texts.ts';

export type Language = 'zh-CN' | 'en';

const found = import.meta.glob<{ default: { zh: Texts; en: Texts } }>('../*/texts.ts', { eager: true });

/** All texts of one language: `{ home: {…}, registry: {…} }`. */
export function gathered(language: 'zh' | 'en'): Texts {
  const all: Texts = {};
  for (const [path, module] of Object.entries(found)) {
    const feature = path.split('/')[1];
    if (feature && module.default) all[feature] = module.default[language];
  }
  return all;
}

export const i18n = createI18n({
  legacy: false,
  locale: startsWith(),
  fallbackLocale: 'zh-CN',
  missingWarn: false,
  // Deeply typed messages are beyond what TypeScript instantiates; a test compares keys and uses instead.
  messages: { 'zh-CN': gathered('zh'), en: gathered('en') } as Record<Language, never>,
});

function startsWith(): Language {
  return kept('language') === 'en' ? 'en' : 'zh-CN';
}

/** Changes the language of the screens, of the server's explanations and of this browser. */
export function chooseLanguage(language: Language): void {
  i18n.global.locale.value = language;
  keep('language', language);
  settle(language);
}

/** Tells the document and the API the language that holds. */
export function settle(language: Language = i18n.global.locale.value as Language): void {
  document.documentElement.lang = language;
  speak(language);
}

/** A text outside of components. */
export function say(key: string): string {
  const { t } = i18n.global as unknown as { t: (key: string) => string };
  return t(key);
}
