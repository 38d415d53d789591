/** The tree of units, and the posts that nobody holds. */
import type { Schemas } from '@hutong/api';

export type Unit = Schemas['UnitView'];
export type Appointment = Schemas['AppointmentView'];

export interface Branch {
  unit: Unit;
  below: Branch[];
  /** Posts that nobody holds, in this unit alone and in it with everything below. */
  vacant: string[];
  vacancies: number;
}

/** The posts that a unit of a kind cannot do without. */
const NEEDED: Record<string, string[]> = {
  city_bureau: ['city_officer', 'city_approver'],
  county_bureau: ['county_officer', 'county_approver'],
  town: ['child_supervisor'],
  village: ['child_director'],
  home: ['home_staff'],
  rescue_centre: ['rescue_staff'],
};

/** The posts that a unit of a kind may have besides. */
const POSSIBLE: Record<string, string[]> = {
  city_bureau: ['finance_officer', 'auditor', 'admin'],
  county_bureau: ['finance_officer', 'auditor', 'admin'],
};

/** The roles that belong in a unit of this kind, those it needs first. */
export function rolesOf(kind: string): string[] {
  return [...(NEEDED[kind] ?? []), ...(POSSIBLE[kind] ?? []), 'partner'];
}

/** The needed posts of a unit that none of these appointments fills. */
export function vacantIn(unit: Unit, held: Appointment[]): string[] {
  return (NEEDED[unit.kind] ?? []).filter((role) => !held.some((post) => post.role === role));
}

/** Appointments by their unit. */
export function byUnit(appointments: Appointment[]): Map<string, Appointment[]> {
  const found = new Map<string, Appointment[]>();
  for (const post of appointments) {
    const of = found.get(post.unit);
    if (of) of.push(post);
    else found.set(post.unit, [post]);
  }
  return found;
}

/** A unit and all units below it: those whose posts its officers see. */
export function within(top: string | undefined, units: Unit[]): Set<string> {
  const found = new Set<string>(top ? [top] : []);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const unit of units) if (unit.parent && found.has(unit.parent)) found.add(unit.id);
  }
  return found;
}

/**
 * The units as trees: a unit whose parent is not among them stands at the top. A vacancy is told of the units whose posts
 * are seen, and of none before the posts are there: what one does not see is not vacant.
 */
export function treesOf(units: Unit[], held?: Map<string, Appointment[]>, seen?: Set<string>): Branch[] {
  const known = new Set(units.map((unit) => unit.id));
  const children = new Map<string, Unit[]>();
  const tops: Unit[] = [];
  for (const unit of units) {
    const parent = unit.parent && known.has(unit.parent) ? unit.parent : undefined;
    if (!parent) tops.push(unit);
    else children.set(parent, [...(children.get(parent) ?? []), unit]);
  }
  const branch = (unit: Unit): Branch => {
    const below = (children.get(unit.id) ?? []).sort(inOrder).map(branch);
    const isSeen = held && (!seen || seen.has(unit.id));
    const vacant = isSeen ? vacantIn(unit, held.get(unit.id) ?? []) : [];
    const further = below.reduce((sum, one) => sum + one.vacancies, 0);
    return { unit, below, vacant, vacancies: vacant.length + further };
  };
  return tops.sort(inOrder).map(branch);
}

/** Offices before homes, then by division. */
function inOrder(a: Unit, b: Unit): number {
  const isHouse = (unit: Unit) => Number(unit.kind === 'home' || unit.kind === 'rescue_centre');
  return isHouse(a) - isHouse(b) || a.division - b.division || a.name.localeCompare(b.name, 'zh-CN');
}

/** The units above one, the uppermost first. */
export function above(unit: Unit, units: Map<string, Unit>): Unit[] {
  const path: Unit[] = [];
  let parent = unit.parent ? units.get(unit.parent) : undefined;
  while (parent && !path.includes(parent)) {
    path.unshift(parent);
    parent = parent.parent ? units.get(parent.parent) : undefined;
  }
  return path;
}

/** Units whose name holds a text, at most so many. */
export function named(units: Unit[], text: string, most = 50): Unit[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  return units.filter((unit) => unit.name.toLowerCase().includes(wanted)).slice(0, most);
}
