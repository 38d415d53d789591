/** What is answered becomes facts, and facts become answers again. */
import { describe, expect, it } from 'vitest';
import { answersOf, factsOf, noAnswers } from '../src/facts/facts.ts';

describe('facts', () => {
  it('say nothing of what was not answered', () => {
    expect(factsOf(noAnswers())).toEqual({});
  });

  it('carry what a situation asks for, and leave the rest of an earlier answer behind', () => {
    const answers = noAnswers();
    answers.father.situation = 'dead';
    answers.father.months = '18';
    answers.mother = {
      situation: 'imprisoned',
      since: '2021-02-01',
      months: '18',
      disability: 'mental',
      level: '1',
    };
    answers.childDisabled = 'no';
    answers.poor = 'yes';
    expect(factsOf(answers)).toEqual({
      father: { situation: 'dead' },
      mother: { situation: 'imprisoned', since: '2021-02-01', months: 18 },
      child: { disability: null },
      household: { poor: true },
    });
  });

  it('come back as they were answered', () => {
    const answers = noAnswers();
    answers.father = {
      situation: 'severe_disability',
      since: '',
      months: '',
      disability: 'visual',
      level: '2',
    };
    answers.childDisabled = 'yes';
    answers.disability = 'physical';
    answers.level = '1';
    answers.livesWithParents = 'no';
    answers.rural = 'yes';
    expect(answersOf(factsOf(answers))).toEqual(answers);
  });

  it('never say whether a child is infected: that is asked by nobody here', () => {
    expect(JSON.stringify(factsOf(noAnswers()))).not.toContain('hiv');
  });
});
