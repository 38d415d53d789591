/** The one resident id of a list that is shown in full for a while, and the row that is asked about. */
import { onBeforeUnmount, shallowRef } from 'vue';
import { SHOWN_FOR } from '../parts/shown.ts';

export function useShownIds<Row extends { id: string }>() {
  const asking = shallowRef<Row>();
  const shown = shallowRef<{ child: string; value: string }>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function hide(): void {
    clearTimeout(timer);
    shown.value = undefined;
  }

  function show(value: string): void {
    clearTimeout(timer);
    if (asking.value) shown.value = { child: asking.value.id, value };
    asking.value = undefined;
    timer = setTimeout(hide, SHOWN_FOR);
  }

  onBeforeUnmount(hide);
  return { asking, shown, show, hide };
}
