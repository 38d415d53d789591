/** Texts of a feature in both languages: every feature's folder has a `texts.ts` that exports these. */

export interface Texts {
  [key: string]: string | Texts;
}

/** The same keys all the way down, with texts of another language. */
export type SameKeys<T> = { [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> };

/** A feature's texts: Chinese first, English with the same keys. */
export function texts<const T extends Texts>(zh: T, en: SameKeys<T>): { zh: Texts; en: Texts } {
  return { zh, en: en as Texts };
}
