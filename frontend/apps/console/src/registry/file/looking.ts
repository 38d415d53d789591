/** A paper that is looked at over the page: its bytes have an address of their own as long as that lasts. */
import { onBeforeUnmount, shallowRef } from 'vue';

export function useLooked<T extends object>() {
  const looked = shallowRef<T & { address: string }>();

  function put(): void {
    if (looked.value) URL.revokeObjectURL(looked.value.address);
    looked.value = undefined;
  }

  function look(at: T, bytes: Blob): void {
    put();
    looked.value = { ...at, address: URL.createObjectURL(bytes) };
  }

  onBeforeUnmount(put);
  return { looked, look, put };
}
