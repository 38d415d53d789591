/** Puts the console together and shows it. */
import './house/floor.ts';
import '@hutong/ui/style.css';
import { VueQueryPlugin } from '@tanstack/vue-query';
import { createApp } from 'vue';
import App from './App.vue';
import { i18n, settle } from './house/language.ts';
import { show } from './house/large.ts';
import { leave, onSessionEnded, queries } from './house/queries.ts';
import { router, signInFor } from './house/router.ts';

settle();
show();

onSessionEnded(() => {
  const here = router.currentRoute.value;
  if (here.meta.isPublic) return;
  leave();
  void router.push(signInFor(here, true));
});

createApp(App).use(i18n).use(VueQueryPlugin, { queryClient: queries }).use(router).mount('#app');
