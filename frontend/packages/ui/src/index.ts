/** The pieces all front ends share; style.css has their look. */
export { default as UiField } from './form/UiField.vue';
export { ICONS, type IconName } from './icon/icons.ts';
export { default as UiIcon } from './icon/UiIcon.vue';
export { default as UiMark } from './icon/UiMark.vue';
export { default as UiNote } from './panel/UiNote.vue';
export { default as UiPanel } from './panel/UiPanel.vue';
export { default as UiTableBox } from './table/UiTableBox.vue';
