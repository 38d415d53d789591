/** What went wrong, in one sentence that says what to do. */
import { Problem } from '@hutong/api';
import { ref } from 'vue';
import { words } from './language.ts';

/** One thing asked of the server at a time: whether it is under way, and what came of it. */
export function asking() {
  const busy = ref(false);
  const fault = ref('');
  const field = ref('');
  async function ask<T>(what: () => Promise<T>): Promise<T | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    fault.value = '';
    field.value = '';
    try {
      return await what();
    } catch (error) {
      fault.value = sentence(error);
      field.value = error instanceof Problem ? (error.field ?? '') : '';
      return undefined;
    } finally {
      busy.value = false;
    }
  }
  return { busy, fault, field, ask };
}

function sentence(error: unknown): string {
  if (!(error instanceof Problem)) return words.value.fault.other;
  if (error.code === 'unreachable') return words.value.fault.away;
  if (error.code === 'public.misfit') {
    const expected: Record<string, string> = words.value.expected;
    const said = expected[error.field ?? ''] ?? words.value.expected.other;
    return words.value.fault.misfit(fieldName(error.field ?? ''), said);
  }
  if (error.code === 'public.wait' && error.retryAfter) {
    return words.value.fault.wait(Math.ceil(error.retryAfter / 60));
  }
  return error.message || words.value.fault.other;
}

function fieldName(field: string): string {
  const names: Record<string, string> = words.value.fields;
  return names[field] ?? field;
}
