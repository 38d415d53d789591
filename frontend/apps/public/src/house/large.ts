/** Large text: everything grows together, and it is kept in the browser. */
import { ref, watchEffect } from 'vue';

const KEY = 'hutong.public.large';

export const large = ref(localStorage.getItem(KEY) === 'yes');

watchEffect(() => {
  localStorage.setItem(KEY, large.value ? 'yes' : 'no');
  document.documentElement.dataset.text = large.value ? 'large' : '';
});
