/**
 * The demo city, served by the program itself for the journeys; `HUTONG_URL` names one that is served already, and
 * `HUTONG_STREET` its public pages.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    city: string;
    /** The public pages. */
    street: string;
  }
}

const program = process.env.HUTONG_PROGRAM ?? join(import.meta.dirname, '../../../../target/debug/hutong');

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const served = process.env.HUTONG_URL;
  if (served) {
    project.provide('city', served);
    project.provide('street', process.env.HUTONG_STREET ?? '');
    return async () => undefined;
  }
  // A city that is there already is served, and stays.
  const city = await serve(process.env.HUTONG_DATA);
  project.provide('city', city.office);
  project.provide('street', city.street);
  return city.end;
}

export interface City {
  /** The console's address, and that of the public pages. */
  office: string;
  street: string;
  end: () => Promise<void>;
}

/** Serves a demo city: the one in this folder, or one of its own that is gone afterwards. */
export async function serve(standing?: string): Promise<City> {
  const folder = standing ? undefined : mkdtempSync(join(tmpdir(), 'hutong-journeys-'));
  // As root the database runs as an account of its own, which must be able to pass through to its data.
  if (folder) chmodSync(folder, 0o711);
  const data = standing ?? join(folder ?? '', 'data');
  const city = spawn(program, ['demo', '--port', '0', '--data', data], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [office, street] = await addresses(city);
  const end = async () => {
    const ended = new Promise((resolve) => city.once('exit', resolve));
    city.kill('SIGINT');
    await ended;
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
  return { office, street, end };
}

/** The console's address and that of the public pages, in the order in which they are told. */
function addresses(city: ChildProcess): Promise<[string, string]> {
  return new Promise((resolve, reject) => {
    let said = '';
    city.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [office, street] = said.match(/http:\/\/127\.0\.0\.1:\d+(?=\/)/g) ?? [];
      if (office && street) resolve([office, street]);
    });
    city.once('error', reject);
    city.once('exit', (code) => reject(new Error(`the city ended with ${code}: ${said}`)));
  });
}
