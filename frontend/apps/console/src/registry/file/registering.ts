/** A registration, made of what was typed. */
import type { Schemas } from '@hutong/api';
import type { Field, Value } from './fields.ts';

type Typed = Partial<Record<Field, Value | undefined>>;

/** What is sent; nothing while name or household is missing. */
export function registrationOf(
  typed: Typed,
  category: string,
  from: string,
): Schemas['ChildRegistration'] | undefined {
  const { name, household, residence: _, ...others } = typed;
  const called = typeof name === 'string' ? name.trim() : '';
  if (!called || typeof household !== 'number') return undefined;
  const stated = Object.entries(others).filter(([, value]) => isStated(value));
  const fields = Object.fromEntries(stated) as Schemas['ChildRegistration']['fields'];
  return {
    name: called,
    household,
    ...(stated.length > 0 && { fields }),
    ...(category && { category, ...(from && { from }) }),
  };
}

function isStated(value: Value | undefined): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return value !== null && value !== undefined;
}
