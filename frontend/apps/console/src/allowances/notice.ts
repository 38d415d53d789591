/** The notice of a recovery as the guardian gets it: in Chinese, whatever language the officer reads. */
import { i18n } from '../house/language.ts';
import { yuan } from './batches.ts';
import type { Recovery } from './payments.ts';

export function noticeOf(recovery: Recovery, reason: string): string {
  const { t } = i18n.global as unknown as {
    t: (key: string, named: object, options: { locale: string }) => string;
  };
  const to = recovery.payee === 'home' ? 'noticeHome' : 'noticeGuardian';
  const named = {
    name: recovery.name,
    month: recovery.for_month,
    amount: yuan(recovery.amount),
    reason: reason.trim().replace(/[。.]$/, ''),
  };
  return t(`allowances.pay.${to}`, named, { locale: 'zh-CN' });
}
