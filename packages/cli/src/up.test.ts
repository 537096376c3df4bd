import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('./dev.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-up-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const up = (...args: readonly string[]) =>
  spawn(process.execPath, ['--conditions=twite-source', entry, 'up', '--empty', '--port', '0', ...args], {
    env: { PATH: process.env.PATH ?? '', TWITE_METRICS_PORT: 'off', TWITE_LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

test.each([[['--json']], [[]]])('a server is up with %o until it is told to end', async (args) => {
  const child = up('--data-dir', join(folder, 'data'), ...args);
  const ended = once(child, 'exit');
  let url: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url) break;
  }
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
