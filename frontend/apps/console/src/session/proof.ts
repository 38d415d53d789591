/**
 * The password again, before what matters: `await proved(() => answer(api.POST(…)))` asks for it when the server
 * wants it, and then does the same once more. Whoever cancels gets the problem `cancelled`.
 */
import { Problem } from '@hutong/api';
import { shallowRef } from 'vue';

interface Asking {
  /** Where the keyboard was: the button is out of use while it is waited for. */
  from: Element | null;
  done: () => void;
  cancelled: () => void;
}

/** Who waits for a proof; the dialog shows itself while somebody does. */
export const asking = shallowRef<Asking>();

function askForProof(from: Element | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = (then: () => void) => () => {
      asking.value = undefined;
      then();
    };
    asking.value = {
      from,
      done: over(resolve),
      cancelled: over(() => reject(new Problem({ code: 'cancelled', status: 0, title: '' }))),
    };
  });
}

export async function proved<T>(act: () => Promise<T>): Promise<T> {
  const from = globalThis.document?.activeElement ?? null;
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Problem && error.wantsProof)) throw error;
  }
  await askForProof(from);
  return act();
}
