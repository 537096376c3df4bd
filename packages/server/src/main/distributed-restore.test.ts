import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { testNamespaces } from '@twite/engine-distributed/testing';
import { loadConfig } from '@twite/process/config/load-config';
import { createTwite } from '@twite/sdk';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { backUp } from './backup.ts';
import { startDistributed } from './distributed.ts';
import { restore } from './restore.ts';
import {
  countAll,
  differing,
  distributedEnv,
  dump,
  type Env,
  fill,
  password,
  services,
  signUp,
  start,
} from './testing/distributed-instance.ts';

describe.runIf(services !== undefined)('a restore of a distributed instance', () => {
  const namespaces = testNamespaces();
  let folder: string;
  let archive: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twite-backup-'));
    archive = join(folder, 'twite.tar.gz');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  afterAll(() => namespaces.erase());
  let env: Env;
  let whole: string;
  let keep: string;
  beforeAll(async () => {
    keep = await mkdtemp(join(tmpdir(), 'twite-kept-'));
    whole = join(keep, 'twite.tar.gz');
    env = distributedEnv(namespaces.add());
    const server = await start(env);
    await fill(server);
    await server.close();
    await backUp({ env, destination: whole });
  });
  afterAll(() => rm(keep, { recursive: true, force: true }));

  test('existing data is kept without force, and completely erased with it', async () => {
    const target = distributedEnv(namespaces.add());
    const server = await start(target);
    const valjean = await signUp(server, 'valjean');
    await valjean.posts.create({ text: 'Number #24601' });
    await valjean.timelines.home();
    await server.settled();
    const into = (force: boolean) => restore({ env: target, source: whole, force });
    await expect(into(true)).rejects.toThrow(
      /^1 process of the instance runs .*: stop servers, workers and relays/,
    );
    await server.close();
    await expect(into(false)).rejects.toThrow('the target already has data');
    await into(true);
    expect(await dump(target)).toEqual(await dump(env));
    const again = await start(target);
    await again.settled();
    const twite = createTwite({ baseUrl: again.url });
    await twite.sessions.create({ handle: 'marius', password });
    expect((await twite.search.posts({ q: '#24601' })).items).toEqual([]);
    await again.close();
    expect(await differing(target)).toEqual([]);
  });

  test('no server starts on an incomplete restore, which can be repeated', async () => {
    const target = distributedEnv(namespaces.add());
    const wrong = join(folder, 'wrong.tar.gz');
    const tar = gunzipSync(await readFile(whole));
    const digit = tar.indexOf('"sha256": "') + '"sha256": "'.length;
    tar[digit] = tar[digit] === 0x30 ? 0x31 : 0x30;
    await writeFile(wrong, gzipSync(tar));
    // As from standard input, which cannot be checked beforehand.
    const stdin = Object.getOwnPropertyDescriptor(process, 'stdin') as PropertyDescriptor;
    Object.defineProperty(process, 'stdin', { ...stdin, get: () => createReadStream(wrong) });
    try {
      await expect(restore({ env: target, source: '-', force: false })).rejects.toThrow('the checksum of');
    } finally {
      Object.defineProperty(process, 'stdin', stdin);
    }
    expect(countAll(await dump(target))).toBeGreaterThan(0);
    await expect(start(target)).rejects.toThrow('`twite restore` is under way, or was interrupted');
    await expect(backUp({ env: target, destination: archive })).rejects.toThrow(
      'the databases are incomplete',
    );
    await restore({ env: target, source: whole, force: false });
    expect(await dump(target)).toEqual(await dump(env));
  });

  test('an instance with a clock behind generates ids above all restored ones', async () => {
    const target = distributedEnv(namespaces.add());
    await restore({ env: target, source: whole, force: false });
    const clock = { now: () => Date.parse('2020-01-01') };
    await using server = await startDistributed(loadConfig(target), { clock, withWorkers: false });
    const known = Object.values(await dump(target))
      .flat()
      .map((document) => String((document as { _id: unknown })._id))
      .filter((id) => /^\d{19}$/.test(id));
    const made = server.deps.ids.next();
    expect(known.filter((id) => id >= made)).toEqual([]);
  });

  test('stores with derived data must be available before anything changes', async () => {
    const before = await dump(env);
    const without = { ...env, TWITE_NEO4J_URL: 'bolt://127.0.0.1:9' };
    await expect(restore({ env: without, source: whole, force: true })).rejects.toThrow(
      /^Neo4j does not answer at 127\.0\.0\.1:9/,
    );
    expect(await dump(env)).toEqual(before);
    // It is not marked as incomplete either.
    await (await start(env)).close();
  });

  test('an empty instance that was started once does not count as data', async () => {
    const target = distributedEnv(namespaces.add());
    await (await start(target)).close();
    await restore({ env: target, source: whole, force: false });
    expect(await dump(target)).toEqual(await dump(env));
  });

  test('an archive of another engine is refused', async () => {
    const embedded = { TWITE_DATA_DIR: join(folder, 'data') };
    await expect(restore({ env: embedded, source: whole, force: true })).rejects.toThrow(
      'the archive is from the distributed engine',
    );
  });
});
