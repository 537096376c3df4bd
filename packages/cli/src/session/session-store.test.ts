import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
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

test('sessions are kept by server, for their owner alone', async () => {
  const store = openSessionStore(folder);
  expect(await store.find('http://a')).toBeUndefined();
  await store.put('http://a', session(1));
  await store.put('http://b', session(2));
  expect(await openSessionStore(folder).find('http://a')).toEqual(session(1));
  expect([await mode(folder), await mode(join(folder, 'sessions.json'))]).toEqual(['700', '600']);
  await store.remove('http://a', session(1).sessionId);
  expect([await store.find('http://a'), await store.find('http://b')]).toEqual([undefined, session(2)]);
  expect(await readdir(folder)).toEqual(['sessions.json']);
});

test('a session that was replaced meanwhile is not removed', async () => {
  const store = openSessionStore(folder);
  await store.put('http://a', session(2));
  await store.remove('http://a', session(1).sessionId);
  expect(await store.find('http://a')).toEqual(session(2));
});

test('many writers at once lose nothing', async () => {
  const servers = Array.from({ length: 12 }, (_, n) => n);
  await Promise.all(servers.map((n) => openSessionStore(folder).put(`http://${n}`, session(n))));
  const store = openSessionStore(folder);
  for (const n of servers) expect(await store.find(`http://${n}`)).toEqual(session(n));
});

test('a lock of a process that is gone is taken over', async () => {
  const store = openSessionStore(folder);
  await store.put('http://a', session(1));
  // No process has this id: they end at 2^22.
  await writeFile(join(folder, 'sessions.json.lock'), '4194305');
  await store.put('http://a', session(2));
  expect(await store.find('http://a')).toEqual(session(2));
});

test('a damaged file is told, not overwritten', async () => {
  const store = openSessionStore(folder);
  await store.put('http://a', session(1));
  await writeFile(join(folder, 'sessions.json'), '{"version":1,');
  await expect(store.find('http://a')).rejects.toThrow('damaged');
  await expect(store.put('http://a', session(2))).rejects.toThrow('Delete it and sign in again');
});

test('what is no session in the file counts as none', async () => {
  const store = openSessionStore(folder);
  await store.put('http://a', session(1));
  await writeFile(join(folder, 'sessions.json'), '{"version":1,"servers":{"http://a":{"accessToken":3}}}');
  expect(await store.find('http://a')).toBeUndefined();
});

test('a folder that cannot be made is told with what to do', async () => {
  await writeFile(join(parent, 'file'), '');
  const store = openSessionStore(join(parent, 'file', 'twite'));
  await expect(store.put('http://a', session(1))).rejects.toThrow('TWITE_CONFIG_DIR');
});
