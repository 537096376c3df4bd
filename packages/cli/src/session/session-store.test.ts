import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session } from '@twite/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSessionStore } from './session-store.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'twite-sessions-'));
  folder = join(parent, 'config', 'twite');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const session = (n: number): Session => ({
  sessionId: String(1855647289012345600n + BigInt(n)),
  accessToken: `access-${n}`,
  refreshToken: `refresh-${n}`,
  expiresAt: '2026-11-23T08:15:30.120Z',
});

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

/** Uses a store like a client: writes under the lock. */
function open(server: string, at = folder) {
  const store = openSessionStore(at, server);
  return {
    load: store.load,
    save: (next: Session | undefined) => store.lock(async () => store.save(next)),
  };
}

test('sessions are stored by server, readable by their owner only', async () => {
  const [a, b] = [open('http://a'), open('http://b')];
  expect(await a.load()).toBeUndefined();
  await a.save(session(1));
  await b.save(session(2));
  expect(await open('http://a').load()).toEqual(session(1));
  expect([await mode(folder), await mode(join(folder, 'sessions.json'))]).toEqual(['700', '600']);
  await a.save(undefined);
  expect([await a.load(), await b.load()]).toEqual([undefined, session(2)]);
  expect(await readdir(folder)).toEqual(['sessions.json']);
});

test('concurrent writers lose nothing', async () => {
  const servers = Array.from({ length: 12 }, (_, n) => n);
  await Promise.all(servers.map((n) => open(`http://${n}`).save(session(n))));
  for (const n of servers) expect(await open(`http://${n}`).load()).toEqual(session(n));
});

test('a lock of a dead process is taken over', async () => {
  const store = open('http://a');
  await store.save(session(1));
  const lock = join(folder, 'sessions.json.lock');
  await mkdir(lock);
  await utimes(lock, 0, 0);
  await store.save(session(2));
  expect(await store.load()).toEqual(session(2));
});

test('a damaged file is reported, not overwritten', async () => {
  const store = open('http://a');
  await store.save(session(1));
  await writeFile(join(folder, 'sessions.json'), '{"version":1,');
  await expect(store.load()).rejects.toThrow('damaged');
  await expect(store.save(session(2))).rejects.toThrow('Delete it and sign in again');
});

test('invalid sessions in the file are ignored', async () => {
  const store = open('http://a');
  await store.save(session(1));
  await writeFile(join(folder, 'sessions.json'), '{"version":1,"servers":{"http://a":{"accessToken":3}}}');
  expect(await store.load()).toBeUndefined();
});

test('a folder that cannot be created is reported with a hint', async () => {
  await writeFile(join(parent, 'file'), '');
  const store = open('http://a', join(parent, 'file', 'twite'));
  await expect(store.save(session(1))).rejects.toThrow('TWITE_CONFIG_DIR');
});
