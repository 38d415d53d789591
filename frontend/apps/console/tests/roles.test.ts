/** Which pages a role finds in the side bar, by the table of permissions that the server's declarations write. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entriesFor, pages } from '../src/house/routes.ts';

const table = readFileSync(join(import.meta.dirname, '../../../../docs/permissions.md'), 'utf8');
const rows = table.split('\n').flatMap((line) => {
  const [, , , action, roles] = line.split('|').map((cell) => cell.trim().replaceAll('`', ''));
  return action && roles ? [{ action, roles: roles.split(' ') }] : [];
});

function entriesOf(role: string): string[] {
  const can = (action: string) => rows.some((row) => row.action === action && row.roles.includes(role));
  return entriesFor(can).map((entry) => entry.path);
}

describe('the navigation', () => {
  it('shows an administrator no page with children or money', () => {
    expect(entriesOf('admin')).toEqual(['/', '/organisation', '/accounts']);
  });

  it('shows each role its own', () => {
    expect(entriesOf('child_director')).toEqual(['/', '/registry', '/allowances/review', '/organisation']);
    expect(entriesOf('auditor')).toEqual([
      '/',
      '/allowances',
      '/allowances/standards',
      '/organisation',
      '/journal',
    ]);
    expect(entriesOf('finance_officer')).not.toContain('/registry');
    expect(entriesOf('county_officer')).toContain('/imports');
    expect(entriesOf('child_supervisor')).not.toContain('/imports');
  });

  it('asks for actions that there are, and every page but one’s own account asks for one', () => {
    const known = new Set(rows.map((row) => row.action));
    for (const { path, meta } of pages) {
      if (meta?.isPublic || path === '/' || path === '/account') continue;
      expect(known.has(meta?.action ?? ''), path).toBe(true);
    }
  });
});
