/** The demo city, served by the program itself for the journeys; `HUTONG_URL` names one that is served already. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    city: string;
  }
}

const program = process.env.HUTONG_PROGRAM ?? join(import.meta.dirname, '../../../../target/debug/hutong');

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const served = process.env.HUTONG_URL;
  if (served) {
    project.provide('city', served);
    return async () => undefined;
  }
  // A city that is there already is served, and stays.
  const standing = process.env.HUTONG_DATA;
  const folder = standing ? undefined : mkdtempSync(join(tmpdir(), 'hutong-journeys-'));
  // As root the database runs as an account of its own, which must be able to pass through to its data.
  if (folder) chmodSync(folder, 0o711);
  const data = standing ?? join(folder ?? '', 'data');
  const city = spawn(program, ['demo', '--port', '0', '--data', data], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  project.provide('city', await address(city));
  return async () => {
    const ended = new Promise((resolve) => city.once('exit', resolve));
    city.kill('SIGINT');
    await ended;
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
}

function address(city: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    city.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    city.once('error', reject);
    city.once('exit', (code) => reject(new Error(`the city ended with ${code}: ${said}`)));
  });
}
