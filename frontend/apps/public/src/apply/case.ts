/** The case that is filled in: held in this page's memory, kept at the server under its code. Nothing stays in the browser. */
import { answer, api, type Schemas } from '@hutong/api';
import { reactive, ref } from 'vue';
import { type Answers, answersOf, factsOf, noAnswers } from '../facts/facts.ts';

/** Answers taken along from the questions. */
export const carried = ref<Answers>();

export interface Filled {
  phone: string;
  code: string;
  until: string;
  number: string;
  town: string;
  household: string;
  child: string;
  id: string;
  applicant: string;
  capacity: string;
  relation: string;
  category: string;
  answers: Answers;
  photos: string[];
  step: number;
}

const empty = (): Filled => ({
  phone: '',
  code: '',
  until: '',
  number: '',
  town: '',
  household: '',
  child: '',
  id: '',
  applicant: '',
  capacity: '',
  relation: '',
  category: '',
  answers: carried.value ?? noAnswers(),
  photos: [],
  step: 0,
});

export const filled = reactive<Filled>(empty());

/** Begins with nothing, or with the answers taken along. */
export function fresh(): void {
  Object.assign(filled, empty());
  carried.value = undefined;
}

function form(): Schemas['CaseForm'] {
  // The id says when the child was born.
  const facts = factsOf({ ...filled.answers, born: '' });
  return {
    town: filled.town || null,
    household: filled.household ? Number(filled.household) : null,
    child: filled.child || null,
    resident_id: filled.id || null,
    applicant: filled.applicant || null,
    capacity: filled.capacity || null,
    relation: filled.relation || null,
    category: filled.category || null,
    facts,
  };
}

const key = () => ({ code: filled.code, phone: filled.phone });

/** Saves; the first time this brings the code. */
export async function save(): Promise<void> {
  if (!filled.code) {
    const begun = await answer(
      api.POST('/api/public/cases', { body: { phone: filled.phone, form: form() } }),
    );
    filled.code = begun.code;
    filled.until = begun.until;
    return;
  }
  const saved = await answer(api.PUT('/api/public/cases', { body: { ...key(), form: form() } }));
  filled.until = saved.until;
}

/** Goes on with a case. */
export async function resume(code: string, phone: string): Promise<void> {
  const found = await answer(api.POST('/api/public/cases/opening', { body: { code, phone } }));
  fresh();
  const saved = found.form;
  Object.assign(filled, {
    phone,
    code,
    until: found.until,
    number: found.number ?? '',
    photos: found.photos.map((one) => one.paper),
  });
  if (!saved) return;
  Object.assign(filled, {
    town: saved.town ?? '',
    household: saved.household ? String(saved.household) : '',
    child: saved.child ?? '',
    id: saved.resident_id ?? '',
    applicant: saved.applicant ?? '',
    capacity: saved.capacity ?? '',
    relation: saved.relation ?? '',
    category: saved.category ?? '',
    answers: answersOf(saved.facts),
    step: 1,
  });
}

/** What the rules say of what is filled in. */
export function weighed(): Promise<Schemas['EntitlementAnswer']> {
  const facts = factsOf({ ...filled.answers, born: bornOf(filled.id) });
  const body = { place: Number(filled.household), facts };
  return answer(api.POST('/api/public/entitlement', { body }));
}

function bornOf(id: string): string {
  const found = /^\d{6}(\d{4})(\d{2})(\d{2})/.exec(id);
  return found ? `${found[1]}-${found[2]}-${found[3]}` : '';
}

export async function keepPhoto(paper: string, content: string): Promise<void> {
  await answer(api.POST('/api/public/cases/photos', { body: { ...key(), paper, content } }));
  if (!filled.photos.includes(paper)) filled.photos.push(paper);
}

export async function dropPhoto(paper: string): Promise<void> {
  await answer(api.POST('/api/public/cases/photos/removal', { body: { ...key(), paper } }));
  filled.photos = filled.photos.filter((one) => one !== paper);
}

export async function submit(): Promise<void> {
  await save();
  const done = await answer(api.POST('/api/public/applications', { body: key() }));
  filled.number = done.number;
  filled.until = done.until;
}
