import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expireMedia } from '@twite/core/media/expire-media';
import { purgeMedia } from '@twite/core/media/purge-media';
import { findMissingObjects } from '@twite/core/media/verify-media';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabases } from '../mongodb/databases.ts';
import { ensureSchema } from '../mongodb/ensure-schema.ts';
import { hasServices, testNamespaces, testUrls } from '../testing/open-for-test.ts';
import { type MediaDeps, openMediaDeps } from './media-deps.ts';

const rounds = 200;
const day = 86_400_000;

/** How often each is passed by one turn of the process that is killed. */
const passes = {
  'media.afterReserve': 3,
  'blobs.afterPut': 12,
  'media.afterPublish': 3,
  'media.afterAttach': 2,
  'posts.afterInsert': 1,
  'media.afterKeep': 1,
  'posts.afterSetMedia': 1,
  'blobs.afterCopy': 8,
  'blobs.afterMove': 16,
  'media.afterRemove': 2,
  'blobs.afterDelete': 2,
  'media.beforeErase': 2,
};
const failpoints = Object.entries(passes).flatMap(([name, count]) =>
  Array.from({ length: count }, (_, pass) => `${name}@${pass + 1}`),
);

const program = join(import.meta.dirname, 'run-media-process.ts');

async function start(namespace: string, authorId: string, machine: number): Promise<ChildProcess> {
  const child = fork(program, [namespace, authorId, String(machine)], {
    execArgv: ['--conditions=twite-source'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'twite-compile-cache') },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

describe.runIf(hasServices)('a process that is killed at any step of what it does to media', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 120_000);

  /** Every post that is there has media that are attached to it, with all of their objects. */
  async function expectWhole(deps: MediaDeps, authorId: string): Promise<number> {
    const postIds = await deps.posts.listByAuthor(authorId, { limit: 1_000, visibility: 'all' });
    const posts = await deps.posts.findMany(postIds);
    const snapshots = [...posts.values()].flatMap(({ postId, media }) =>
      media.map((snapshot) => ({ postId, ...snapshot })),
    );
    const records = await deps.media.findMany(snapshots.map(({ mediaId }) => mediaId));
    for (const { postId, mediaId } of snapshots) {
      expect(records.get(mediaId)).toMatchObject({ state: 'ready', target: { kind: 'post', postId } });
    }
    const keys = new Set(snapshots.flatMap(({ main, variants }) => [main, ...variants]).map((o) => o?.key));
    const there = new Set((await deps.blobs.list({ limit: 100_000 })).map(({ key }) => key));
    expect([...keys].filter((key) => key !== undefined && !there.has(key))).toEqual([]);
    return snapshots.length;
  }

  it(`leaves no post with a missing object, and nothing that cannot be found (${rounds} rounds)`, async () => {
    const namespace = namespaces.add();
    {
      await using databases = openDatabases(testUrls(namespace).mongodb, namespace);
      await ensureSchema(databases);
    }
    let ahead = 0;
    await using deps = openMediaDeps(namespace, { now: () => Date.now() + ahead }, 1);
    const authorId = deps.ids.next();
    await deps.accounts.insert({
      accountId: authorId,
      handle: 'author',
      displayName: '',
      passwordHash: '$',
      createdAt: Date.now(),
    });
    let next = start(namespace, authorId, 2);
    let seen = 0;
    for (let round = 0; round < rounds; round++) {
      const child = await next;
      next = start(namespace, authorId, 2 + ((round + 1) % 1_000));
      const exited = once(child, 'exit');
      const failpoint = failpoints[round % failpoints.length] as string;
      child.send(failpoint);
      expect([failpoint, (await exited)[1]]).toEqual([failpoint, 'SIGKILL']);
      seen += await expectWhole(deps, authorId);
      if (round % 20 !== 19) continue;
      // A day later, by the clock of the upkeep.
      ahead += 2 * day;
      for (;;) {
        await expireMedia(deps);
        const removed = (await deps.media.list({ limit: 1_000 })).filter(({ state }) => state === 'removed');
        if (removed.length === 0) break;
        await purgeMedia(
          deps,
          removed.map(({ mediaId }) => mediaId),
        );
      }
      await expectWhole(deps, authorId);
      const listed = await deps.blobs.list({ limit: 100_000 });
      const known = await deps.media.keysAmong(listed.map(({ key }) => key));
      expect(listed.filter(({ key }) => !known.has(key))).toEqual([]);
      const missing = [];
      for await (const each of findMissingObjects(deps)) missing.push(each);
      expect(missing).toEqual([]);
      // Only what posts hold is left.
      const left = await deps.media.list({ limit: 1_000 });
      expect(left.filter(({ target, expiresAt }) => target === null || expiresAt !== null)).toEqual([]);
    }
    expect(seen).toBeGreaterThan(rounds);
    const last = await next;
    last.kill('SIGKILL');
    await once(last, 'exit');
  }, 1_800_000);
});
