import { texts } from '../house/texts.ts';

export default texts({ title: '首页' }, { title: 'Home' });
