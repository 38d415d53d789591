/** What an officer does about a doubt: which may be settled by the right value at once, and which need a look at the file. */
import { FIELDS, type Field } from '../file/fields.ts';

/** How ledgers head the columns of a child's own fields. A guardian's number under its own heading is none of these. */
const HEADINGS: Record<string, Field> = {
  身份证号: 'resident_id',
  身份证号码: 'resident_id',
  公民身份号码: 'resident_id',
  儿童身份证号: 'resident_id',
  儿童身份证号码: 'resident_id',
  出生日期: 'birth',
  出生年月: 'birth',
  出生年月日: 'birth',
  性别: 'sex',
  民族: 'ethnicity',
  家庭住址: 'address',
  详细地址: 'address',
  家庭详细地址: 'address',
  就读学校: 'school',
  就学情况: 'school_stage',
  健康状况: 'health',
  残疾类别: 'disability_kind',
  残疾等级: 'disability_level',
  开户行: 'bank_name',
  开户银行: 'bank_name',
  银行账号: 'bank_account',
  银行卡号: 'bank_account',
  备注: 'note',
};

/**
 * The field whose right value may be typed beside the doubt, by its code or a ledger's heading; a class, a guardian
 * and a place have days of their own and are settled in the file.
 */
export function editable(field: string | null | undefined): Field | undefined {
  const heading = field?.replace(/\s/g, '') ?? '';
  return FIELDS.find((one) => one === heading) ?? HEADINGS[heading];
}

/** The text of a code: codes hold dots, which part the keys of texts. */
export function codeKey(code: string): string {
  return `registry.work.code.${code.replace(/\./g, '_')}`;
}

/** The codes by which the list may be narrowed, the doubts of numbers first. */
export const CODES = [
  'id.precision_lost',
  'id.character',
  'id.old_form',
  'id.length',
  'id.region',
  'id.date',
  'id.checksum',
  'id.birth_mismatch',
  'id.sex_mismatch',
  'duplicate.id',
  'duplicate.person',
  'child.ambiguous',
  'child.known_elsewhere',
  'national.not_there',
  'national.not_here',
  'national.class',
  'national.state',
  'national.identity',
  'national.repeated',
  'review.child_died',
  'review.guardian_died',
  'review.parent_died',
  'review.parent_imprisoned',
  'review.parent_released',
  'review.parent_disabled',
  'review.child_disabled',
  'review.child_low_income',
  'review.benefit_missing',
  'category.unknown',
  'category.conflict',
  'age.over_limit',
  'field.missing',
  'date.unreadable',
  'phone.invalid',
  'bank.luhn',
] as const;
