/**
 * The demo city, served by the program itself for the journeys: a copy of one that is founded for them, or of the one
 * whose folder `HUTONG_FOUNDED` names. `HUTONG_URL` names one that is served already, and `HUTONG_STREET` its public
 * pages; `HUTONG_DATA` the folder of one that is served itself, and stays.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    city: string;
    /** The public pages. */
    street: string;
    /** The folder of a city as it was founded, for whoever serves one of their own; empty where there is none. */
    founded: string;
  }
}

const program = process.env.HUTONG_PROGRAM ?? join(import.meta.dirname, '../../../../target/debug/hutong');

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const served = process.env.HUTONG_URL;
  const standing = process.env.HUTONG_DATA;
  const given = process.env.HUTONG_FOUNDED;
  const own = served || standing || given ? undefined : found();
  const founded = given ?? own ?? '';
  project.provide('founded', founded);
  const city = served
    ? { office: served, street: process.env.HUTONG_STREET ?? '', end: async () => undefined }
    : await (standing ? serveAt(standing) : serve(founded));
  project.provide('city', city.office);
  project.provide('street', city.street);
  return async () => {
    await city.end();
    if (own) rmSync(dirname(own), { recursive: true, force: true });
  };
}

export interface City {
  /** The console's address, and that of the public pages. */
  office: string;
  street: string;
  end: () => Promise<void>;
}

/** A folder for a city's data, in one of its own. */
function room(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hutong-journeys-'));
  // As root the database runs as an account of its own, which must be able to pass through to its data.
  chmodSync(folder, 0o711);
  return join(folder, 'data');
}

/** Founds the demo city that others are copies of: a copy is there in a tenth of the time. */
function found(): string {
  const data = room();
  execFileSync(program, ['demo', '--no-serve', '--data', data], { stdio: ['ignore', 'ignore', 'pipe'] });
  return data;
}

/** Serves a copy of this city, or one founded anew where none is named; it is gone afterwards. */
export async function serve(founded: string): Promise<City> {
  const data = room();
  // Not by Node, which would not leave every file whose it is.
  if (founded) execFileSync('cp', ['-a', founded, data]);
  const { end, ...city } = await serveAt(data);
  const gone = async () => {
    await end();
    rmSync(dirname(data), { recursive: true, force: true });
  };
  return { ...city, end: gone };
}

/** Serves the city in this folder; where there is none, it is founded. */
async function serveAt(data: string): Promise<City> {
  const city = spawn(program, ['demo', '--port', '0', '--data', data], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [office, street] = await addresses(city);
  const end = async () => {
    const ended = new Promise((resolve) => city.once('exit', resolve));
    city.kill('SIGINT');
    await ended;
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
