/** A link to another page, which stays a link for whoever opens it in another tab. */
import { defineComponent, h, type PropType } from 'vue';
import { go, type PagePath } from '../house/route.ts';

export const PageLink = defineComponent({
  name: 'PageLink',
  props: { to: { type: String as PropType<PagePath>, required: true } },
  setup(props, { slots }) {
    const follow = (event: MouseEvent): void => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      go(props.to);
    };
    return () => h('a', { href: props.to, onClick: follow }, slots.default?.());
  },
});
