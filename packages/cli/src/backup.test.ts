import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTwite } from '@twite/sdk';
import { loadConfig, startEmbedded } from '@twite/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('./dev.ts', import.meta.url));
const twite = `'${process.execPath}' --conditions=twite-source '${entry}'`;
const password = 'la barricade, rue de la Chanvrerie';
let folder = '';

/** Runs a shell command line in the folder. */
async function shell(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    PATH: process.env.PATH,
    NO_COLOR: '1',
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    XDG_CONFIG_HOME: folder,
  };
  try {
    return { code: 0, ...(await promisify(execFile)('bash', ['--norc', '-c', line], { cwd: folder, env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const open = (name: string) =>
  startEmbedded(
    loadConfig({
      TWITE_PORT: '0',
      TWITE_METRICS_PORT: 'off',
      TWITE_LOG_LEVEL: 'silent',
      TWITE_DATA_DIR: join(folder, name),
    }),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-backup-cli-'));
  await using server = await open('one');
  const client = createTwite({ baseUrl: server.url });
  await client.accounts.create({ handle: 'enjolras', password });
  await client.posts.create({ text: 'Citizens!' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a backup goes to a file, is checked, and is restored once', async () => {
  const backup = await shell(`${twite} backup twite.tar.gz --data-dir one`);
  expect(backup).toMatchObject({ code: 0, stderr: '' });
  expect(backup.stdout).toMatch(
    /^Backed up 3 rows, [\d.]+ KiB before compression, of the embedded engine\.\n$/,
  );
  expect((await shell(`${twite} restore --check twite.tar.gz`)).stdout).toMatch(/^The archive is complete\./);
  const restored = await shell(`${twite} restore twite.tar.gz --data-dir two`);
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(restored.stdout).toMatch(
    /^Restored 3 rows, as of 20.*\n(TWITE_DATA_DIR was .*\n)?Now start the server/,
  );
  const again = await shell(`${twite} restore twite.tar.gz --data-dir two`);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain('--force');
  // A tar that any machine can list.
  expect((await shell('tar -tzf twite.tar.gz')).stdout).toBe(
    'manifest.json\ndatabase/twite.db\nchecksums.json\n',
  );
});

test('a backup can be piped from one instance into another', async () => {
  const piped = await shell(
    `set -o pipefail; ${twite} backup - --data-dir one | ${twite} restore - --data-dir three --json`,
  );
  expect(piped.code, piped.stderr).toBe(0);
  expect(piped.stderr).toMatch(/^Backed up 3 rows/);
  expect(JSON.parse(piped.stdout)).toMatchObject({
    manifest: { engine: 'embedded' },
    sections: [{ rows: 3 }],
  });
  await using server = await open('three');
  const client = createTwite({ baseUrl: server.url });
  await client.sessions.create({ handle: 'enjolras', password });
  expect((await client.timelines.home()).items).toMatchObject([{ text: 'Citizens!' }]);
  expect(await shell(`${twite} backup - --json`)).toMatchObject({ code: 2 });
});

test('a backup fails when its reader disconnects', async () => {
  const { code, stderr } = await shell(`set -o pipefail; ${twite} backup - --data-dir one | true`);
  expect(code).toBe(1);
  expect(stderr).toContain('EPIPE');
});

test('an interrupted backup leaves no file', async () => {
  // Nobody reads: the command stops when the pipe is full, if not earlier.
  const child = spawn(
    process.execPath,
    ['--conditions=twite-source', entry, 'backup', 'half.tar.gz', '--data-dir', 'one'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await expect
    .poll(async () => (await readdir(folder)).some((name) => name.startsWith('half.tar.gz.')), {
      interval: 1,
    })
    .toBe(true);
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  const left = (await readdir(folder)).filter((name) => name.startsWith('half') || name.startsWith('.twite'));
  // A signal that came too late leaves the whole archive.
  expect(left).toEqual(code === 0 ? ['half.tar.gz'] : []);
});

test('doctor prints one line per check, and its exit code says whether a check failed', async () => {
  const fine = await shell(`${twite} doctor --data-dir one`);
  expect(fine.code, fine.stdout).toBe(0);
  expect(fine.stdout).toMatch(/^PASS {2}node {10,}Node \d/m);
  expect(fine.stdout).toMatch(/\n\d+ checks: 0 failed, \d+ warnings?\.\n$/);
  const ill = await shell(`TWITE_ENGINE=quantum ${twite} doctor --json`);
  expect(ill.code).toBe(1);
  const { ok, checks } = JSON.parse(ill.stdout);
  expect(ok).toBe(false);
  expect(checks).toContainEqual({
    name: 'configuration',
    status: 'fail',
    message: expect.stringContaining('TWITE_ENGINE'),
    fix: expect.stringContaining('docs/configuration.md'),
  });
});

test('move reports that it needs services', async () => {
  const { code, stderr } = await shell(`${twite} move --data-dir one`);
  expect(code).toBe(1);
  expect(stderr).toContain('TWITE_MONGODB_URL must be set');
});
