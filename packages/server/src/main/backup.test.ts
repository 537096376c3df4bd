import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { loadConfig } from '@twite/process/config/load-config';
import { createTwite, type Twite } from '@twite/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUp } from './backup.ts';
import { startEmbedded } from './embedded.ts';
import { checkArchive, restore } from './restore.ts';
import type { RunningServer } from './serve.ts';

let stack: AsyncDisposableStack;
let folder: string;
let archive: string;
const password = 'rue plumet 1832';

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = await mkdtemp(join(tmpdir(), 'twite-backup-'));
  archive = join(folder, 'twite.tar.gz');
  stack.defer(() => rm(folder, { recursive: true, force: true }));
});
afterEach(() => stack.disposeAsync());

const envOf = (name: string): Record<string, string> => ({
  TWITE_PORT: '0',
  TWITE_METRICS_PORT: 'off',
  TWITE_LOG_LEVEL: 'silent',
  TWITE_RATE_LIMITS: 'off',
  TWITE_DATA_DIR: join(folder, name),
});

const start = async (name: string): Promise<RunningServer> =>
  stack.use(await startEmbedded(loadConfig(envOf(name))));

async function signUp({ url }: RunningServer, handle: string): Promise<Twite & { accountId: string }> {
  const twite = createTwite({ baseUrl: url });
  const { account } = await twite.accounts.create({ handle, password });
  return { ...twite, accountId: account.accountId };
}

/** Every row of every table. */
function dump(name: string): Record<string, unknown[]> {
  const db = new DatabaseSync(join(folder, name, 'twite.db'), { readOnly: true, readBigInts: true });
  try {
    const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
    return Object.fromEntries(
      tables.map(({ name: table }) => [String(table), db.prepare(`SELECT * FROM "${table}"`).all()]),
    );
  } finally {
    db.close();
  }
}

/** Creates an instance with accounts and their content; closed. */
async function makeInstance(name: string): Promise<void> {
  const server = await start(name);
  const [cosette, marius] = [await signUp(server, 'cosette'), await signUp(server, 'marius')];
  const { postId } = await cosette.posts.create({ text: 'In the #garden' });
  const { accountId } = cosette;
  await marius.accounts.follow({ accountId });
  await marius.posts.like({ postId });
  await marius.replies.create({ postId, text: 'I saw you' });
  await server.settled();
  await server.close();
}

test('a backup restored into an empty folder has the same data, and is not readable by others', async () => {
  await makeInstance('one');
  const { manifest } = await backUp({
    env: { ...envOf('one'), TWITE_NEO4J_URL: 'bolt://u:h4rdToGuess@h' },
    destination: archive,
  });
  expect(manifest).toMatchObject({
    engine: 'embedded',
    configuration: { variables: { TWITE_RATE_LIMITS: 'off' }, secrets: ['TWITE_NEO4J_URL'] },
  });
  expect(JSON.stringify(manifest)).not.toContain('h4rdToGuess');
  expect((await stat(archive)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['one', 'twite.tar.gz']);

  const restored = await restore({
    env: { ...envOf('two'), TWITE_TEXT_MAX: '500' },
    source: archive,
    force: false,
  });
  expect(restored.changedVariables).toContainEqual({ name: 'TWITE_TEXT_MAX', backup: '280', here: '500' });
  expect(dump('two')).toEqual(dump('one'));
  expect((await stat(join(folder, 'two/twite.db'))).mode & 0o777).toBe(0o600);

  const server = await start('two');
  const twite = createTwite({ baseUrl: server.url });
  await twite.sessions.create({ handle: 'marius', password });
  const [post] = (await twite.timelines.home()).items;
  expect(post).toMatchObject({ text: 'In the #garden', likeCount: 1, replyCount: 1, liked: true });
  expect((await twite.search.posts({ q: '#garden' })).items).toHaveLength(1);
});

test('a backup taken under load contains everything acknowledged before it, completely, and nothing after it', async () => {
  const server = await start('one');
  const people = await Promise.all(['cosette', 'marius', 'eponine'].map((handle) => signUp(server, handle)));
  const before: string[] = [];
  const after: string[] = [];
  let answered = before;
  let stopped = false;
  const load = people.map(async (twite) => {
    while (!stopped) {
      const list = answered;
      const { postId } = await twite.posts.create({ text: 'x'.repeat(200) });
      await twite.posts.like({ postId });
      // Writes that began before and were answered after may or may not be in it.
      if (list === answered) list.push(postId);
    }
  });
  await expect.poll(() => before.length).toBeGreaterThan(200);
  const known = [...before];
  answered = [];
  await backUp({ env: envOf('one'), destination: archive });
  answered = after;
  await expect.poll(() => after.length).toBeGreaterThan(20);
  stopped = true;
  await Promise.all(load);

  await restore({ env: envOf('two'), source: archive, force: false });
  const rows = dump('two');
  const postIds = new Set(rows.posts?.map((row) => (row as { post_id: string }).post_id));
  expect(known.filter((postId) => !postIds.has(postId))).toEqual([]);
  expect(after.filter((postId) => postIds.has(postId))).toEqual([]);
  const likes = rows.likes as { subject_id: string }[];
  for (const { post_id, like_count } of rows.posts as { post_id: string; like_count: bigint }[]) {
    expect(Number(like_count)).toBe(likes.filter(({ subject_id }) => subject_id === post_id).length);
  }
});

test('the server accepts writes during a backup', async () => {
  const server = await start('one');
  const twite = await signUp(server, 'cosette');
  const db = new DatabaseSync(join(folder, 'one/twite.db'), { timeout: 5_000 });
  db.exec('BEGIN');
  const insert = db.prepare(
    `INSERT INTO posts (post_id, author_id, text, entities, visibility, created_at) VALUES (?, '1', ?, '{}', 'public', 0)`,
  );
  // About 15 MiB: enough that a backup takes as long as many writes.
  for (let index = 0; index < 40_000; index++)
    insert.run(String(index).padStart(19, '0'), randomBytes(150).toString('hex'));
  db.exec('COMMIT');
  db.close();
  let isDone = false;
  const backup = backUp({ env: envOf('one'), destination: archive }).finally(() => {
    isDone = true;
  });
  let answeredMeanwhile = 0;
  for (;;) {
    await twite.posts.create({ text: 'meanwhile' });
    if (isDone) break;
    answeredMeanwhile += 1;
  }
  await backup;
  expect(answeredMeanwhile).toBeGreaterThan(5);
});

test('a folder with data is refused unless forced; a folder in use and an archive of the other engine are always refused', async () => {
  await makeInstance('one');
  await backUp({ env: envOf('one'), destination: archive });
  const server = await start('two');
  await signUp(server, 'javert');
  const into = (force: boolean, env = envOf('two')) => restore({ env, source: archive, force });
  await expect(into(true)).rejects.toThrow('is in use by another Twite server');
  await server.close();
  await expect(into(false)).rejects.toThrow('the target already has data');
  const url = 'mongodb://127.0.0.1:9';
  const distributed = {
    ...envOf('two'),
    TWITE_ENGINE: 'distributed',
    TWITE_MONGODB_URL: url,
    TWITE_REDIS_URL: 'redis://127.0.0.1:9',
    TWITE_RABBITMQ_URL: 'amqp://127.0.0.1:9',
    TWITE_ELASTICSEARCH_URL: 'http://127.0.0.1:9',
    TWITE_NEO4J_URL: 'bolt://127.0.0.1:9',
    TWITE_S3_URL: 'http://key:secret@127.0.0.1:9',
  };
  await expect(into(true, distributed)).rejects.toThrow(/MongoDB does not answer|from the embedded engine/);
  expect(dump('two').accounts).toContainEqual(expect.objectContaining({ handle: 'javert' }));
  await into(true);
  expect(dump('two')).toEqual(dump('one'));
});

test('an empty database of a server that was started once does not count as data', async () => {
  await makeInstance('one');
  await backUp({ env: envOf('one'), destination: archive });
  await (await start('two')).close();
  await restore({ env: envOf('two'), source: archive, force: false });
  expect(dump('two')).toEqual(dump('one'));
});

test('a damaged or newer archive changes nothing', async () => {
  await makeInstance('one');
  await makeInstance('two');
  const before = dump('two');
  await backUp({ env: envOf('one'), destination: archive });
  await checkArchive(archive);
  await truncate(archive, (await stat(archive)).size - 1);
  const refused = restore({ env: envOf('two'), source: archive, force: true });
  await expect(refused).rejects.toMatchObject({ name: 'OperatorError', exitCode: 1 });
  await expect(refused).rejects.toThrow('damaged or cut short');
  await expect(checkArchive(archive)).rejects.toThrow('damaged or cut short');
  await expect(checkArchive(join(folder, 'none'))).rejects.toThrow('cannot read the archive');
  expect(dump('two')).toEqual(before);

  const db = new DatabaseSync(join(folder, 'one/twite.db'));
  db.exec('PRAGMA user_version = 1000');
  db.close();
  await expect(backUp({ env: envOf('one'), destination: join(folder, 'b') })).rejects.toThrow(
    'Upgrade Twite',
  );
});

test('a failed backup leaves no archive, and never overwrites one', async () => {
  await expect(backUp({ env: envOf('nowhere'), destination: archive })).rejects.toThrow(
    `there is no Twite database in ${join(folder, 'nowhere')}`,
  );
  expect(await readdir(folder)).toEqual([]);
  await makeInstance('one');
  const file = join(folder, 'one/twite.db');
  const bytes = await readFile(file);
  bytes.fill(0xff, 8_192, 12_288);
  await writeFile(file, bytes);
  await expect(backUp({ env: envOf('one'), destination: archive })).rejects.toThrow('cannot be copied');
  expect(await readdir(folder)).toEqual(['one']);
  await writeFile(archive, 'precious');
  await expect(backUp({ env: envOf('one'), destination: archive })).rejects.toThrow('exists');
  expect(await readFile(archive, 'utf8')).toBe('precious');
});

test('a restore that is killed halfway leaves the folder unchanged', async () => {
  await makeInstance('one');
  await makeInstance('two');
  const before = dump('two');
  await backUp({ env: envOf('one'), destination: archive });
  const bytes = await readFile(archive);
  const script = `
    import { restore } from ${JSON.stringify(new URL('./restore.ts', import.meta.url).href)};
    process.stdin.once('data', () => setInterval(() => {}, 1_000));
    await restore({ env: ${JSON.stringify(envOf('two'))}, source: '-', force: true });`;
  const child = spawn(process.execPath, ['--conditions=twite-source', '--input-type=module', '-e', script], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin.write(bytes.subarray(0, bytes.byteLength - 20));
  await expect.poll(() => readdir(join(folder, 'two'))).toContain('twite.db.restoring');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(dump('two')).toEqual(before);
  // The next one succeeds.
  await restore({ env: envOf('two'), source: archive, force: true });
  expect(dump('two')).toEqual(dump('one'));
  expect(await readdir(join(folder, 'two'))).toEqual(['twite.db', 'twite.lock', 'uploads']);
});
