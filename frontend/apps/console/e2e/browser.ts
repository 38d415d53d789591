/** The browser of the journeys: which one it is, and how it is started. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const onPath = (name: string): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

/**
 * The one that is named; else the shell, which is the same engine without a window and so takes a fifth less of a
 * processor; else the whole. setup/console_test.sh and setup/ready.sh go by the same order.
 */
const executablePath =
  process.env.CHROMIUM || onPath('chromium-headless-shell') || onPath('chromium') || 'chromium';

export const program = { executablePath, args: ['--no-sandbox', '--lang=zh-CN'] };

let browser: Promise<Browser> | undefined;

/** The browser of all journeys: the first one opens it, and it ends with the process that they all run in. */
export function theBrowser(): Promise<Browser> {
  browser ??= chromium.launch(program);
  return browser;
}
