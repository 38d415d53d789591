/** The names of divisions: a table shows a hundred villages of few towns, so they are read town by town and kept. */
import { answer, api, type Schemas } from '@hutong/api';
import { reactive } from 'vue';
import { queries } from '../../house/queries.ts';

export type Division = Schemas['DivisionRow'];

const TOWN = 1_000;
const COUNTY = 1_000_000;

const names = reactive(new Map<number, string>());
const wanted = new Map<number, Promise<void>>();

/** The divisions right below one; without one, the uppermost. */
export function below(code: number | undefined): Promise<Division[]> {
  return queries.fetchQuery({
    queryKey: ['divisions', 'below', code ?? null],
    queryFn: async ({ signal }) => {
      const all: Division[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit: 200, ...(code ? { below: code } : {}), ...(cursor ? { cursor } : {}) };
        const page = await answer(api.GET('/api/organisation/divisions', { params: { query }, signal }));
        all.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor);
      for (const one of all) names.set(one.code, one.name);
      return all;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A division and those above it, the uppermost first. */
export async function pathTo(code: number): Promise<Division[]> {
  const path = await queries.fetchQuery({
    queryKey: ['divisions', 'path', code],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/organisation/divisions/{code}', { params: { path: { code: String(code) } }, signal }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  for (const one of path.items) names.set(one.code, one.name);
  return path.items;
}

/** The codes of the town and the county a code lies in; nothing where the code is one itself. */
export function above(code: number): { town?: number; county?: number } {
  const town = Math.floor(code / TOWN) * TOWN;
  const county = Math.floor(code / COUNTY) * COUNTY;
  return { ...(town !== code && { town }), ...(county !== code && county !== town && { county }) };
}

function want(key: number, read: () => Promise<unknown>): void {
  if (wanted.has(key)) return;
  const asked = read().then(
    () => undefined,
    // Asked again with the next table; until then the code stands for the name.
    () => void wanted.delete(key),
  );
  wanted.set(key, asked);
}

function known(code: number): string {
  return names.get(code) ?? String(code);
}

/** Town and village in few words, as tables have them; reading what is not known yet. */
export function placeName(code: number | null | undefined): string {
  if (!code) return '—';
  const { town } = above(code);
  if (!names.has(code)) want(code, () => (town ? below(town) : pathTo(code)));
  if (!town) return known(code);
  if (!names.has(town)) want(town, () => below(Math.floor(town / COUNTY) * COUNTY));
  return names.has(code) && names.has(town) ? `${known(town)} ${known(code)}` : known(code);
}

/** County, town and village: where there is room. */
export function fullPlaceName(code: number | null | undefined): string {
  if (!code) return '—';
  const county = Math.floor(code / COUNTY) * COUNTY;
  const short = placeName(code);
  if (county === code) return short;
  if (!names.has(county)) want(county, () => pathTo(county));
  return names.has(county) ? `${known(county)} ${short}` : short;
}

const units = reactive(new Map<string, string>());
let unitsAsked: Promise<Schemas['UnitView'][]> | undefined;

export function allUnits(): Promise<Schemas['UnitView'][]> {
  unitsAsked ??= readUnits().catch((error: unknown) => {
    unitsAsked = undefined;
    throw error;
  });
  return unitsAsked;
}

async function readUnits(): Promise<Schemas['UnitView'][]> {
  const all: Schemas['UnitView'][] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 200, ...(cursor ? { cursor } : {}) };
    const page = await answer(api.GET('/api/organisation/units', { params: { query } }));
    all.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor);
  for (const unit of all) units.set(unit.id, unit.name);
  return all;
}

/** A unit's name, as soon as it is read. */
export function unitName(id: string): string {
  if (!units.has(id)) void allUnits().catch(() => undefined);
  return units.get(id) ?? '…';
}
