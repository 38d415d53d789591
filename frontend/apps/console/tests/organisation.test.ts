import { describe, expect, it } from 'vitest';
import { actsOn, stateOf, waitingFor } from '../src/accounts/states.ts';
import type { Officer, Proposal } from '../src/organisation/posts.ts';
import { inOrder, mayDo, standing, term } from '../src/organisation/terms.ts';
import {
  type Appointment,
  above,
  byUnit,
  named,
  rolesOf,
  treesOf,
  type Unit,
  within,
} from '../src/organisation/tree.ts';
import { whole } from '../src/organisation/whole.ts';
import { deviceName } from '../src/session/device.ts';

const unit = (id: string, kind: string, division: number, parent?: string): Unit => ({
  id,
  name: `单位${id}`,
  kind,
  division,
  parent,
});
const CITY = unit('city', 'city_bureau', 370400000000);
const COUNTY = unit('county', 'county_bureau', 370481000000, 'city');
const TOWN = unit('town', 'town', 370481001000, 'county');
const HOME = unit('home', 'home', 370400000000, 'city');
const post = (role: string, of: string, more: Partial<Appointment> = {}): Appointment => ({
  id: `${role}@${of}`,
  officer: 'o',
  unit: of,
  role,
  from: '2021-01-01',
  ...more,
});

describe('the tree of units', () => {
  it('counts the vacancies of a unit and of everything below', () => {
    const held = byUnit([
      post('city_officer', 'city'),
      post('county_officer', 'county'),
      post('county_approver', 'county'),
    ]);
    const [top] = treesOf([TOWN, HOME, COUNTY, CITY], held);
    expect(top?.vacant).toEqual(['city_approver']);
    expect(top?.vacancies).toBe(3);
    expect(top?.below.map((one) => one.unit.id)).toEqual(['county', 'home']);
  });

  it('begins where the reach begins, and tells no vacancy while posts are unknown', () => {
    const [top, ...others] = treesOf([COUNTY, TOWN]);
    expect([top?.unit.id, top?.vacancies, others.length]).toEqual(['county', 0, 0]);
  });

  it('tells no vacancy of units whose posts are not seen', () => {
    const all = [TOWN, HOME, COUNTY, CITY];
    const seen = within('county', all);
    expect([...seen].sort()).toEqual(['county', 'town']);
    expect(treesOf(all, new Map(), seen)[0]?.vacancies).toBe(3);
    expect(within(undefined, all).size).toBe(0);
  });

  it('survives a unit that stands above itself', () => {
    const loop = unit('x', 'town', 1, 'x');
    expect(above(loop, new Map([['x', loop]]))).toEqual([loop]);
  });

  it('knows the way up, names, and what a unit may have', () => {
    const all = new Map([CITY, COUNTY, TOWN].map((one) => [one.id, one]));
    expect(above(TOWN, all).map((one) => one.id)).toEqual(['city', 'county']);
    expect(named([CITY, TOWN], ' 位TOWN ')).toEqual([TOWN]);
    expect(named([CITY], '  ')).toEqual([]);
    expect(rolesOf('village')).toEqual(['child_director', 'partner']);
    expect(rolesOf('unheard of')).toEqual(['partner']);
  });
});

describe('terms', () => {
  it('counts the last day as one of the term', () => {
    const one = { from: '2021-01-01', to: '2021-11-04' };
    expect(standing(one, '2021-11-04')).toBe('now');
    expect(standing(one, '2021-11-05')).toBe('past');
    expect(standing({ from: '2021-11-05' }, '2021-11-04')).toBe('ahead');
  });

  it('puts those in force first', () => {
    const past = post('admin', 'a', { to: '2021-02-01' });
    const now = post('city_officer', 'a');
    const ahead = post('auditor', 'a', { from: '2022-01-01' });
    expect(inOrder([past, ahead, now], '2021-11-04')).toEqual([now, ahead, past]);
    expect(term(now, '至今')).toBe('2021-01-01 — 至今');
  });

  it('never lets one person propose, confirm and be concerned', () => {
    const can = () => true;
    const own = mayDo({ officer: 'b', proposed_by: 'me' }, 'me', can);
    expect(own).toEqual({ confirm: false, refuse: false, withdraw: true });
    expect(mayDo({ officer: 'me', proposed_by: 'a' }, 'me', can).confirm).toBe(false);
    expect(mayDo({ officer: 'b', proposed_by: 'a' }, 'me', can).confirm).toBe(true);
    expect(mayDo({ officer: 'b', proposed_by: 'a' }, 'me', () => false).confirm).toBe(false);
  });
});

describe('accounts', () => {
  const officer = (more: Partial<Officer> = {}): Officer => ({
    id: 'o',
    name: '王某',
    unit: 'town',
    ...more,
  });
  const account = { login: 'wang', locked: false, second_factor: true };
  const admin = (action: string) => ['appoint', 'manage_accounts'].includes(action);

  it('are invited once, reset and locked by others, never by oneself', () => {
    expect(actsOn(officer(), undefined, 'me', admin)).toMatchObject({
      invite: true,
      reset: false,
      lock: false,
    });
    expect(actsOn(officer(), 'invite', 'me', admin).invite).toBe(false);
    expect(actsOn(officer({ account }), undefined, 'me', admin)).toMatchObject({ reset: true, lock: true });
    expect(Object.values(actsOn(officer({ account }), undefined, 'o', admin))).not.toContain(true);
    const locked = officer({ account: { ...account, locked: true } });
    expect(stateOf(locked)).toBe('locked');
    expect(actsOn(locked, undefined, 'me', admin)).toMatchObject({ unlock: true, lock: false });
  });

  it('wait for what is proposed, an appointment aside', () => {
    const proposal = (matter: string) => ({ officer: 'o', matter }) as Proposal;
    expect(waitingFor('o', [proposal('appoint')])).toBeUndefined();
    expect(waitingFor('o', [proposal('appoint'), proposal('reset_secrets')])).toBe('reset_secrets');
  });
});

describe('a list read whole', () => {
  it('follows its pages to the last', async () => {
    const pages: Record<string, { items: number[]; next?: string }> = {
      first: { items: [1, 2], next: 'b' },
      b: { items: [3] },
    };
    expect(await whole(async (cursor) => pages[cursor ?? 'first'] ?? { items: [] })).toEqual([1, 2, 3]);
  });

  it('stops some time where pages never end', async () => {
    expect((await whole(async () => ({ items: [1], next: 'again' }))).length).toBe(50);
  });
});

describe('a device', () => {
  it('is called by its browser and its system', () => {
    const chrome =
      'Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0.4240.198 Safari/537.36';
    expect(deviceName(chrome)).toBe('Chrome 86, Windows 7');
    expect(deviceName(`${chrome} QIHU 360SE`)).toBe('360, Windows 7');
    expect(deviceName(`${chrome} Edg/86.0.1`)).toBe('Edge 86, Windows 7');
    expect(deviceName('curl/8')).toBe('curl/8');
    expect(deviceName('')).toBe('—');
  });
});
