/** The journal's codes in words. */
import { useI18n } from 'vue-i18n';
import { marksOf } from '../house/writing.ts';
import { fullPlaceName } from '../registry/parts/places.ts';
import { plain } from './changes.ts';

const PLACES = ['household', 'residence', 'place', 'division'];

export function useWords(nameOf: (id: string) => string | undefined = () => undefined) {
  const { t, te, locale } = useI18n();

  /** A code of a group in words, else the code itself. */
  function named(group: string, code: string): string {
    const keys = [`journal.${group}.${code}`, `registry.${group}.${code}`];
    const key = keys.find((one) => te(one));
    return key ? t(key) : code;
  }

  /** What was done; of what the caller's role does not have, in which part of the system it was tried. */
  function deed(entry: { action: string; subject_kind: string }): string {
    if (entry.subject_kind !== 'operation') return named('action', entry.action);
    return t('journal.notOfRole', { part: named('part', entry.action.split('.')[0] ?? '') });
  }

  /** A word for a code where there is one, a name for an id where it is known. */
  function word(text: string): string {
    const known = nameOf(text);
    if (known) return known;
    const keys = [
      `journal.word.${text}`,
      `words.category.${text}`,
      `words.role.${text}`,
      `journal.field.${text}`,
      `registry.field.${text}`,
      `registry.relation.${text}`,
    ];
    const key = /^[a-z_]+$/.test(text) ? keys.find((one) => te(one)) : undefined;
    return key ? t(key) : text;
  }

  /** The value of a field as plain text; of a place, its name. */
  const value = (field: string, one: unknown): string =>
    PLACES.includes(field) && typeof one === 'number'
      ? fullPlaceName(one)
      : plain(one, word, marksOf(locale.value));

  /** What for; nobody states a purpose for an operation that speaks for itself. */
  const purpose = (text: string): string =>
    /^[a-z]+\.[a-z_]+$/.test(text) ? '—' : named('reason', text) || '—';

  return { named, deed, word, value, purpose };
}
