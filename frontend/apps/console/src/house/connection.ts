/** Whether the server answers. While it does not, the screens keep what they show and ask again every few seconds. */
import { api } from '@hutong/api';
import { computed, ref } from 'vue';

const ASK_AGAIN = 3_000;

const away = ref(false);
const listeners: Array<() => void> = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Whether the server is away just now. */
export const isAway = computed(() => away.value);

/** Calls back whenever the server has come back. */
export function onReturn(listener: () => void): void {
  listeners.push(listener);
}

/** To be told by whoever was not answered. */
export function lost(): void {
  if (away.value) return;
  away.value = true;
  timer = setTimeout(ask, ASK_AGAIN);
}

async function ask(): Promise<void> {
  clearTimeout(timer);
  if (await answers()) {
    away.value = false;
    for (const listener of listeners) listener();
  } else {
    timer = setTimeout(ask, ASK_AGAIN);
  }
}

async function answers(): Promise<boolean> {
  try {
    const { response } = await api.GET('/api/health');
    return response.ok;
  } catch {
    return false;
  }
}

globalThis.addEventListener?.('online', () => {
  if (away.value) void ask();
});
