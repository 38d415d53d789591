/** What somebody answers about a child, and the facts the rulebook reads in it: what is not answered is not known. */

export type Answer = 'yes' | 'no' | '';

export interface ParentAnswers {
  situation: string;
  since: string;
  months: string;
  disability: string;
  level: string;
}

export interface Answers {
  born: string;
  institution: Answer;
  studying: Answer;
  father: ParentAnswers;
  mother: ParentAnswers;
  parentsUnknown: Answer;
  childDisabled: Answer;
  disability: string;
  level: string;
  majorIllness: Answer;
  rareIllness: Answer;
  minimumLiving: Answer;
  poor: Answer;
  rural: Answer;
  livesWithParents: Answer;
}

type Json = { [name: string]: Json | string | number | boolean | null };

const parent = (): ParentAnswers => ({ situation: '', since: '', months: '', disability: '', level: '' });

export function noAnswers(): Answers {
  return {
    born: '',
    institution: '',
    studying: '',
    father: parent(),
    mother: parent(),
    parentsUnknown: '',
    childDisabled: '',
    disability: '',
    level: '',
    majorIllness: '',
    rareIllness: '',
    minimumLiving: '',
    poor: '',
    rural: '',
    livesWithParents: '',
  };
}

/** Which first day a situation asks for. */
export function sinceOf(situation: string): 'term' | 'lost' | 'away' | undefined {
  if (['imprisoned', 'compulsory_rehab', 'other_restraint'].includes(situation)) return 'term';
  if (situation === 'lost_contact') return 'lost';
  if (situation === 'working_away') return 'away';
  return undefined;
}

/** Whether a situation asks how long. */
export const hasTerm = (situation: string): boolean => sinceOf(situation) === 'term';

function put(into: Json, name: string, answer: Answer): void {
  if (answer !== '') into[name] = answer === 'yes';
}

function disabilityOf(kind: string, level: string): Json | undefined {
  const found: Json = {};
  if (kind) found.kind = kind;
  if (level) found.level = Number(level);
  return Object.keys(found).length > 0 ? found : undefined;
}

function parentFacts(answers: ParentAnswers): Json | undefined {
  if (!answers.situation) return undefined;
  const facts: Json = { situation: answers.situation };
  if (sinceOf(answers.situation) && answers.since) facts.since = answers.since;
  if (hasTerm(answers.situation) && answers.months) facts.months = Number(answers.months);
  if (answers.situation === 'severe_disability') {
    const disability = disabilityOf(answers.disability, answers.level);
    if (disability) facts.disability = disability;
  }
  return facts;
}

/** The facts, as the rulebook reads them. */
export function factsOf(answers: Answers): Record<string, never> {
  const child: Json = {};
  if (answers.born) child.born = answers.born;
  put(child, 'in_institution', answers.institution);
  put(child, 'studying_full_time', answers.studying);
  if (answers.childDisabled === 'no') child.disability = null;
  const disability = disabilityOf(answers.disability, answers.level);
  if (answers.childDisabled === 'yes' && disability) child.disability = disability;
  put(child, 'major_illness', answers.majorIllness);
  put(child, 'rare_illness', answers.rareIllness);
  const household: Json = {};
  put(household, 'minimum_living', answers.minimumLiving);
  put(household, 'poor', answers.poor);
  const facts: Json = {};
  if (Object.keys(child).length > 0) facts.child = child;
  const [father, mother] = [parentFacts(answers.father), parentFacts(answers.mother)];
  if (father) facts.father = father;
  if (mother) facts.mother = mother;
  if (Object.keys(household).length > 0) facts.household = household;
  put(facts, 'parents_unknown', answers.parentsUnknown);
  put(facts, 'rural', answers.rural);
  put(facts, 'lives_with_parents', answers.livesWithParents);
  // The document says that it is an object and no more.
  return facts as Record<string, never>;
}

const object = (value: unknown): { [name: string]: unknown } =>
  typeof value === 'object' && value !== null ? (value as { [name: string]: unknown }) : {};
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const yesNo = (value: unknown): Answer => (value === true ? 'yes' : value === false ? 'no' : '');

function parentAnswers(value: unknown): ParentAnswers {
  const facts = object(value);
  const disability = object(facts.disability);
  return {
    situation: text(facts.situation),
    since: text(facts.since),
    months: text(facts.months),
    disability: text(disability.kind),
    level: text(disability.level),
  };
}

/** The answers behind facts that were saved. */
export function answersOf(saved: unknown): Answers {
  const facts = object(saved);
  const child = object(facts.child);
  const household = object(facts.household);
  const disability = object(child.disability);
  const disabled = 'disability' in child ? (child.disability === null ? 'no' : 'yes') : '';
  return {
    born: text(child.born),
    institution: yesNo(child.in_institution),
    studying: yesNo(child.studying_full_time),
    father: parentAnswers(facts.father),
    mother: parentAnswers(facts.mother),
    parentsUnknown: yesNo(facts.parents_unknown),
    childDisabled: disabled,
    disability: text(disability.kind),
    level: text(disability.level),
    majorIllness: yesNo(child.major_illness),
    rareIllness: yesNo(child.rare_illness),
    minimumLiving: yesNo(household.minimum_living),
    poor: yesNo(household.poor),
    rural: yesNo(facts.rural),
    livesWithParents: yesNo(facts.lives_with_parents),
  };
}
