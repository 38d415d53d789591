import { texts } from '../house/texts.ts';
import { chinese } from './chinese.ts';
import { english } from './english.ts';

export default texts(chinese, english);
