import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { defaultSettings } from '@twite/core/engine';
import type { DomainEvent } from '@twite/core/events/domain-event';
import { emptyPostQuery, type PostQuery } from '@twite/core/search/search-index';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmbeddedEngine, EngineOpenError, openEmbeddedEngine } from '../index.ts';
import { migrations } from './migrations.ts';
import { schemaVersion1, schemaVersion2, schemaVersion3, schemaVersion4 } from './schema.ts';

const childFile = fileURLToPath(new URL('./data-folder.test.child.ts', import.meta.url));

let folder = '';
const opened: EmbeddedEngine[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'twite-embedded-')), 'data');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const open of opened.splice(0)) await open[Symbol.asyncDispose]();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

async function open(options: { exclusive?: boolean } = {}): Promise<EmbeddedEngine> {
  const engine = await openEmbeddedEngine({
    location: folder,
    clock: Date,
    settings: defaultSettings,
    ...options,
  });
  opened.push(engine);
  return engine;
}

/** Starts a process on the folder; `lines` is its output. */
function start(deed: string, limitKiB?: number): { child: ChildProcess; lines: AsyncIterable<string> } {
  const args = ['--conditions=twite-source', childFile, folder, deed];
  const child =
    limitKiB === undefined
      ? spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      : spawn('bash', ['-c', `ulimit -f ${limitKiB}; exec "$0" "$@"`, process.execPath, ...args], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
  children.push(child);
  return { child, lines: createInterface({ input: child.stdout as NodeJS.ReadableStream }) };
}

/** Runs a process until it reports that it is done, and kills it. */
async function killAfter(deed: string): Promise<void> {
  const { child, lines } = start(deed);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  for await (const line of lines) {
    if (line !== 'done') continue;
    child.kill('SIGKILL');
    await exited;
    return;
  }
  throw new Error(`the process ended before ${deed} was done`);
}

it('a process that searched ends when its engine is closed, and leaves no write-ahead log', async () => {
  const { child } = start('search-and-close');
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect(code).toBe(0);
  expect(readdirSync(folder).filter((name) => name.startsWith('twite.db'))).toEqual(['twite.db']);
});

it('an event is delivered even if the process is killed before its delivery', async () => {
  await killAfter('write-and-hang-in-delivery');
  const { engine, settled } = await open();
  expect((await engine.posts.findMany(['2000000000000000001'])).size).toBe(1);
  const delivered: DomainEvent[] = [];
  await engine.events.consume('fanOut', async (events) => void delivered.push(...events));
  await settled();
  expect(delivered).toEqual([
    { type: 'postCreated', postId: '2000000000000000001', authorId: '1900000000000000001', media: 'none' },
  ]);
});

it('a job runs again after the process was killed during it', async () => {
  await killAfter('hang-in-a-job');
  const { engine, settled } = await open();
  const done: string[] = [];
  await engine.jobs.consume(['reconcile'], {
    rebuildTimeline: async () => {},
    settleAccount: async () => {},
    purgePost: async ({ postId }) => void done.push(postId),
  });
  await settled();
  expect(done).toEqual(['2000000000000000001']);
});

it('a partial object of a killed process is removed', async () => {
  await killAfter('hang-in-a-put');
  const partials = join(folder, 'media', 'partial');
  expect(readdirSync(partials)).toHaveLength(1);
  const { engine } = await open();
  expect(readdirSync(partials)).toEqual([]);
  expect(await engine.blobs.list({ limit: 10 })).toEqual([]);
  expect(await engine.blobs.stat(`media/${'a'.repeat(32)}.mp4`)).toBeUndefined();
});

it('a request retried after a kill between insert and response has the same id', async () => {
  await killAfter('claim-and-insert');
  const { engine } = await open();
  const retry = {
    keyHash: 'key',
    fingerprint: 'same input',
    resourceId: '2000000000000000099',
    owner: 'the process of now',
    expiresAt: Number.MAX_SAFE_INTEGER,
    now: 1,
  };
  const claimed = await engine.idempotency.claim(retry);
  expect(claimed).toEqual({ state: 'claimed', resourceId: '2000000000000000001' });
  expect(await engine.idempotency.claim(retry)).toEqual({ state: 'in_flight' });
  await engine.idempotency.complete('key', retry.owner, 'the answer');
  expect(await engine.idempotency.claim(retry)).toEqual({ state: 'done', response: 'the answer' });
});

it('a folder is created for its owner only, and left clean', async () => {
  const first = await open();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  await first[Symbol.asyncDispose]();
  expect(readdirSync(folder).sort()).toEqual(['twite.db', 'twite.lock']);
});

const modes = (): Record<string, string> =>
  Object.fromEntries(
    ['', ...readdirSync(folder)].map((name) => [
      name,
      (statSync(join(folder, name)).mode & 0o777).toString(8),
    ]),
  );

it('everything in the folder is readable by its owner only', async () => {
  const first = await open();
  await first.engine.idempotency.deleteExpired(0);
  const expected = { '': '700', 'twite.db': '600', 'twite.lock': '600' };
  expect(modes()).toEqual({ ...expected, 'twite.db-shm': '600', 'twite.db-wal': '600' });
  await first[Symbol.asyncDispose]();
  expect(modes()).toEqual(expected);
});

it('the start removes access of others to files and folders of an older installation', async () => {
  await killAfter('claim-and-insert');
  writeFileSync(join(folder, 'demo.json'), '{}');
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
  chmodSync(folder, 0o755);
  const { engine } = await open();
  expect(new Set(Object.values(modes()))).toEqual(new Set(['700', '600']));
  expect(readdirSync(folder)).toContain('twite.db-wal');
  expect((await engine.posts.findMany(['2000000000000000001'])).size).toBe(1);
});

it('a folder with other files keeps its mode, as do these files', async () => {
  mkdirSync(folder);
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'notes.txt'), '', { mode: 0o644 });
  await open();
  expect(modes()).toMatchObject({ '': '755', 'notes.txt': '644', 'twite.db': '600' });
});

it('a folder in use by another server is refused until that server has ended in any way', async () => {
  const { child, lines } = start('hold');
  const exited = new Promise((resolve) => child.once('exit', resolve));
  for await (const line of lines) if (line === 'done') break;
  await expect(open()).rejects.toThrow(EngineOpenError);
  await expect(open()).rejects.toThrow(`${folder} is in use by another Twite server`);
  child.kill('SIGKILL');
  await exited;
  await (await open()).checkPrimary();
});

it('two engines of one process cannot share a folder either', async () => {
  const first = await open();
  await expect(open()).rejects.toThrow('is in use by another Twite server');
  await first[Symbol.asyncDispose]();
  await (await open()).checkPrimary();
});

it('the server sees writes of an operator command next to it', async () => {
  const server = await open();
  const accountId = '2000000000000000001';
  await server.engine.accounts.insert({
    accountId,
    handle: 'valjean',
    displayName: '',
    passwordHash: '',
    createdAt: 0,
  });
  const roleOf = async () => (await server.engine.accounts.findMany([accountId])).get(accountId)?.role;
  expect(await roleOf()).toBe('user');

  const updated = Promise.withResolvers<void>();
  await server.engine.events.consume('upkeep', async (events) => {
    if (events.some(({ type }) => type === 'accountUpdated')) updated.resolve();
  });
  const command = await open({ exclusive: false });
  expect(await command.engine.accounts.setRole(accountId, 'admin')).toBe(true);
  await command[Symbol.asyncDispose]();
  await updated.promise;
  expect(await roleOf()).toBe('admin');
  expect(await server.engine.accounts.update(accountId, { bio: 'still the only server' })).toBe(true);
});

it('a file of a newer Twite is refused and not changed', async () => {
  await (await open())[Symbol.asyncDispose]();
  const file = new DatabaseSync(join(folder, 'twite.db'));
  file.exec('PRAGMA user_version = 1000');
  file.close();
  await expect(open()).rejects.toThrow(EngineOpenError);
  await expect(open()).rejects.toThrow('written by a newer Twite');
});

it('a file of version 1 is migrated: its accounts get revisions, and their names are indexed again', async () => {
  mkdirSync(folder);
  const file = new DatabaseSync(join(folder, 'twite.db'));
  file.exec(schemaVersion1);
  const accountId = '1900000000000000001';
  file.exec(`
    PRAGMA user_version = 1;
    INSERT INTO accounts (account_id, handle, handle_key, display_name, created_at)
    VALUES ('${accountId}', 'Fantine', 'fantine', 'New Name', 1);
    INSERT INTO account_search (account_id, handle_key) VALUES ('${accountId}', 'fantine');
    INSERT INTO account_search_names (account_id, suffix) VALUES ('${accountId}', 'old name');
  `);
  file.close();
  const { engine } = await open();
  const account = (await engine.accounts.findMany([accountId])).get(accountId);
  expect(account).toMatchObject({ handle: 'Fantine', displayName: 'New Name', rev: 1 });
  const find = async (text: string) => (await engine.search.searchAccounts(text, { limit: 5 })).accountIds;
  expect([await find('old'), await find('new')]).toEqual([[], [accountId]]);
  // An event that had not been handled when the file was migrated.
  await engine.search.indexAccounts([{ accountId, rev: 1, handle: 'Fantine', displayName: 'New Name' }]);
  expect(await find('old')).toEqual([]);
  expect(await find('new')).toEqual([accountId]);
});

it('a file of version 4 is migrated: existing posts have no media, and new ones can', async () => {
  mkdirSync(folder);
  const file = new DatabaseSync(join(folder, 'twite.db'));
  for (const schema of [schemaVersion1, schemaVersion2, schemaVersion3, schemaVersion4]) file.exec(schema);
  const [accountId, postId, replyId] = ['1900000000000000001', '2000000000000000001', '2000000000000000002'];
  const entities = '{"mentions":[],"hashtags":[],"urls":[]}';
  file.exec(`
    PRAGMA user_version = 4;
    INSERT INTO accounts (account_id, handle, handle_key, display_name, created_at)
    VALUES ('${accountId}', 'Fantine', 'fantine', 'Fantine', 1);
    INSERT INTO posts (post_id, author_id, text, entities, visibility, created_at)
    VALUES ('${postId}', '${accountId}', 'Old', '${entities}', 'public', 1);
    INSERT INTO replies (reply_id, post_id, author_id, text, entities, created_at, counted)
    VALUES ('${replyId}', '${postId}', '${accountId}', 'Old', '${entities}', 1, 1);
    INSERT INTO post_search (rowid, text, tags, author) VALUES (${postId}, 'old', '', '${accountId}');
  `);
  file.close();
  const { engine } = await open();
  expect((await engine.accounts.findMany([accountId])).get(accountId)).toMatchObject({
    avatar: null,
    banner: null,
  });
  expect((await engine.posts.findMany([postId])).get(postId)).toMatchObject({ text: 'Old', media: [] });
  expect((await engine.replies.findMany([replyId])).get(replyId)).toMatchObject({ text: 'Old', media: [] });
  const query = { ...emptyPostQuery, words: ['old'] };
  const find = (hasMedia: boolean | undefined) =>
    engine.search.searchPosts({ ...query, hasMedia }, { limit: 10 });
  expect([await find(undefined), await find(false), await find(true)]).toEqual([[postId], [postId], []]);
  expect(await engine.media.list({ limit: 10 })).toEqual([]);
});

it('a file of version 9 is migrated: posts and accounts are found in every script, and deleted ones are not', async () => {
  mkdirSync(folder);
  const file = new DatabaseSync(join(folder, 'twite.db'));
  for (const step of migrations.slice(0, 9)) file.exec(step);
  const [authorId, gone] = ['1900000000000000001', '2000000000000000009'];
  const insert = file.prepare(
    'INSERT INTO posts (post_id, author_id, text, entities, visibility, media, created_at) VALUES (?, ?, ?, ?, ?, ?, 1)',
  );
  const entities = JSON.stringify({ mentions: [], hashtags: [{ tag: 'Straße' }], urls: [] });
  insert.run('2000000000000000001', authorId, '我家在上海东边。', entities, 'public', null);
  insert.run('2000000000000000002', authorId, '上海 #Straße', entities, 'followers', '[{}]');
  file.exec(`
    PRAGMA user_version = 9;
    INSERT INTO post_search (rowid, text, tags, author) VALUES (${gone}, '上海', '', '${authorId}');
    INSERT INTO deleted_posts (post_id) VALUES ('${gone}');
    INSERT INTO accounts (account_id, handle, handle_key, display_name, created_at)
    VALUES ('${authorId}', 'yamada', 'yamada', '山田太郎', 1), ('1900000000000000002', 'gone', 'gone', '太郎', 1);
    INSERT INTO account_search (account_id, handle_key) VALUES ('${authorId}', 'yamada'), ('1900000000000000002', '');
  `);
  file.close();
  const { engine } = await open();
  const find = (query: Partial<PostQuery>) =>
    engine.search.searchPosts({ ...emptyPostQuery, ...query }, { limit: 10 });
  const all = { words: ['上海'], followersPostsOf: [authorId] };
  expect(await find({ words: ['上海'] })).toEqual(['2000000000000000001']);
  expect(await find(all)).toEqual(['2000000000000000002', '2000000000000000001']);
  expect(await find({ ...all, hasMedia: true })).toEqual(['2000000000000000002']);
  expect(await find({ tags: ['strasse'] })).toEqual(['2000000000000000001']);
  const post = { authorId, visibility: 'public', tags: [], hasMedia: false } as const;
  await engine.search.indexPosts([{ ...post, postId: gone, text: '上海' }]);
  expect(await find({ words: ['上海'] })).toEqual(['2000000000000000001']);
  expect((await engine.search.searchAccounts('太郎', { limit: 10 })).accountIds).toEqual([authorId]);
});

it('waiting and parked jobs of a file of version 4 get their classes', async () => {
  mkdirSync(folder, { mode: 0o700 });
  const db = new DatabaseSync(join(folder, 'twite.db'));
  for (const step of [schemaVersion1, schemaVersion2, schemaVersion3, schemaVersion4]) db.exec(step);
  db.exec('PRAGMA user_version = 4');
  const fanOut = { name: 'fanOutPost', postId: '1', authorId: '2', afterFollowId: '3' } as const;
  const purge = { name: 'purgePost', postId: '4' } as const;
  const payloads = [JSON.stringify(fanOut), JSON.stringify(purge), 'no JSON'];
  const enqueue = db.prepare('INSERT INTO jobs (payload, at) VALUES (?, 1)');
  const park = db.prepare(
    "INSERT INTO parked_jobs (job_id, payload, error, parked_at) VALUES (?, ?, 'bad', 1)",
  );
  for (const [index, payload] of payloads.entries()) {
    enqueue.run(payload);
    park.run(1_000 + index, payload);
  }
  db.close();

  const { engine, settled } = await open();
  const parkedOf = async (queue: string) =>
    (await engine.queues.listParked(queue, { limit: 10 }))?.map(({ payload }) => payload);
  expect(await parkedOf('jobs.fanOut')).toEqual([fanOut]);
  expect(await parkedOf('jobs.reconcile')).toEqual([purge, { unreadable: 'no JSON' }]);
  const done: unknown[] = [];
  await engine.jobs.consume(['fanOut', 'reconcile'], {
    fanOutPost: async (job) => void done.push(job),
    rebuildTimeline: async () => {},
    settleAccount: async () => {},
    purgePost: async (job) => void done.push(job),
  });
  await settled();
  expect(done).toEqual([fanOut, purge]);
  expect(await parkedOf('jobs.reconcile')).toHaveLength(3);
});

it('an operator command does not migrate under a running server', async () => {
  const server = await open();
  const file = new DatabaseSync(join(folder, 'twite.db'));
  file.exec('PRAGMA user_version = 0');
  await expect(open({ exclusive: false })).rejects.toThrow('in use by an older Twite server');
  file.close();
  await server[Symbol.asyncDispose]();
});

it.each([
  ['a file where the folder should be', () => writeFileSync(folder, '')],
  [
    'something that is no database',
    () => {
      mkdirSync(folder);
      writeFileSync(join(folder, 'twite.db'), 'not a database, but long enough to look at '.repeat(100));
    },
  ],
])('%s is refused with one line', async (_, prepare) => {
  prepare();
  const error = await open().catch((reason) => reason);
  expect(error).toBeInstanceOf(EngineOpenError);
  expect(error.message).toContain(folder);
  expect(error.message).not.toContain('\n');
});

it('a failed commit ends the engine, and loses no acknowledged write', async () => {
  const { child, lines } = start('fill-the-disk', 2_048);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const said: string[] = [];
  for await (const line of lines) said.push(line);
  expect(await exited).toBe(3);
  expect(said.at(-1)).toMatch(/^failed writing the database failed: /);
  expect(said).toContain('refused unavailable');

  const { engine } = await open();
  const written = said.filter((line) => line.startsWith('written ')).map((line) => line.slice(8));
  expect(written.length).toBeGreaterThan(10);
  expect((await engine.posts.findMany(written)).size).toBe(written.length);
});
