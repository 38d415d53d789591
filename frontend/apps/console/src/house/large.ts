/** 长辈版: everything larger, by one attribute of the document. */
import { ref } from 'vue';
import { keep, kept } from './keeping.ts';

export const isLarge = ref(kept('text') === 'large');

export function setLarge(large: boolean): void {
  isLarge.value = large;
  keep('text', large ? 'large' : 'usual');
  show();
}

export function show(): void {
  if (isLarge.value) document.documentElement.dataset.text = 'large';
  else delete document.documentElement.dataset.text;
}
