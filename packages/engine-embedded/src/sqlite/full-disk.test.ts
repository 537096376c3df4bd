import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canMountDisks, mountSmallDisk, type SmallDisk } from '@twite/conformance/small-disk';
import { defaultSettings } from '@twite/core/engine';
import type { DomainEvent } from '@twite/core/events/domain-event';
import { newMediaKey } from '@twite/core/media/media-keys';
import type { NewPost } from '@twite/core/posts/post-store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EmbeddedEngine, openEmbeddedEngine } from '../index.ts';

const childFile = fileURLToPath(new URL('./data-folder.test.child.ts', import.meta.url));
const authorId = '1900000000000000001';
let nextId = 2_000_000_000_000_000_000n;
const newPost = (text = 'x'.repeat(5_000)): NewPost => ({
  postId: String(nextId++),
  authorId,
  text,
  entities: { mentions: [], hashtags: [], urls: [] },
  visibility: 'public',
  media: [],
  createdAt: 0,
});

describe.runIf(canMountDisks())('on a full disk', () => {
  let mounted: SmallDisk;
  let disk = '';
  let folder = '';
  const opened: EmbeddedEngine[] = [];
  beforeEach(() => {
    mounted = mountSmallDisk(4);
    disk = mounted.path;
    folder = join(disk, 'data');
  });
  afterEach(async () => {
    for (const open of opened.splice(0)) await open[Symbol.asyncDispose]();
    mounted[Symbol.dispose]();
  });

  const open = async (): Promise<EmbeddedEngine> => {
    const engine = await openEmbeddedEngine({ location: folder, clock: Date, settings: defaultSettings });
    opened.push(engine);
    return engine;
  };
  const fill = (): void => {
    const { bfree, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(bfree * bsize));
    expect(statfsSync(disk).bfree).toBe(0);
  };
  const free = (): void => unlinkSync(join(disk, 'filler'));
  /** Writes until a write fails, and returns the acknowledged writes. */
  const writeUntilFull = async ({ engine }: EmbeddedEngine): Promise<string[]> => {
    const written: string[] = [];
    for (;;) {
      const posts = Array.from({ length: 8 }, () => newPost());
      const outcomes = await Promise.allSettled(posts.map((post) => engine.posts.insert(post)));
      const codes = new Set<unknown>();
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled') written.push(posts[index]?.postId ?? '');
        else codes.add((outcome.reason as { code?: string }).code);
      }
      if (codes.size === 0) continue;
      expect([...codes]).toEqual(['storage_full']);
      return written;
    }
  };
  const poll = { timeout: 20_000 };

  test('writes are refused, reads work, no acknowledged write is lost, and it recovers automatically', async () => {
    const server = await open();
    const { engine } = server;
    const before = newPost('before');
    await engine.posts.insert(before);
    fill();
    const written = await writeUntilFull(server);
    expect(server.isStorageFull()).toBe(true);
    await server.checkPrimary();
    expect((await server.status()).dependencies[0]).toMatchObject({
      state: 'up',
      degraded: expect.stringContaining('the disk is full'),
    });
    expect((await engine.posts.findMany([before.postId, ...written])).size).toBe(written.length + 1);
    expect(await engine.stats.count()).toMatchObject({ posts: written.length + 1 });
    await expect(engine.posts.insert(newPost())).rejects.toMatchObject({
      code: 'storage_full',
      retryAfterSeconds: expect.any(Number),
    });

    free();
    await expect.poll(() => server.isStorageFull(), poll).toBe(false);
    const after = newPost('after');
    expect(await engine.posts.insert(after)).toBe('inserted');
    await server[Symbol.asyncDispose]();
    const again = await open();
    const all = [before.postId, ...written, after.postId];
    expect((await again.engine.posts.findMany(all)).size).toBe(all.length);
  });

  test('uploads are refused and leave nothing, stored objects are served, and it recovers automatically', async () => {
    const server = await open();
    const { blobs } = server.engine;
    const put = (key: string, bytes: number) =>
      blobs.put(key, {
        bytes,
        mimeType: 'image/webp',
        async *open() {
          for (let rest = bytes; rest > 0; rest -= 64 * 1024)
            yield Buffer.alloc(Math.min(rest, 64 * 1024), 7);
        },
      });
    const [before, large, after] = [
      newMediaKey('image/webp'),
      newMediaKey('image/webp'),
      newMediaKey('image/webp'),
    ];
    await put(before, 1_000);
    const { bfree } = statfsSync(disk);
    await expect(put(large, 8 * 1024 * 1024)).rejects.toMatchObject({
      code: 'storage_full',
      retryAfterSeconds: expect.any(Number),
    });
    expect(await blobs.stat(large)).toBeUndefined();
    expect(statfsSync(disk).bfree).toBe(bfree);
    fill();
    await expect(put(large, 100)).rejects.toMatchObject({ code: 'storage_full' });
    const { dependencies } = await server.status();
    expect(dependencies[1]).toMatchObject({ name: 'objects', state: 'down', primary: false });
    expect(dependencies[1]?.degraded).toContain('Uploads are refused: the disk is full');
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await blobs.get(before))?.content ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(Buffer.alloc(1_000, 7))).toBe(true);
    free();
    await put(after, 1_000);
    expect((await server.status()).dependencies[1]).toMatchObject({ state: 'up', degraded: null });
    fill();
    // Deletions free space.
    await blobs.delete([before, after]);
    expect((await blobs.list({ limit: 10 })).length).toBe(0);
  });

  test('every write of a failed batch is refused', async () => {
    const { engine } = await open();
    fill();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, () => engine.posts.insert(newPost())),
    );
    const accepted = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(accepted).toEqual([]);
    expect(await engine.stats.count()).toMatchObject({ posts: 0 });
  });

  test('events and jobs wait for space and are not parked', async () => {
    const server = await open();
    const { engine } = server;
    const handled: DomainEvent[] = [];
    const attempts = { event: 0, job: 0 };
    let lastKey = 0;
    // Causes no event, so that everything is handled at the end.
    const write = () =>
      engine.idempotency.claim({
        keyHash: `key ${++lastKey}`,
        fingerprint: 'x'.repeat(20_000),
        resourceId: '1',
        owner: 'this process',
        expiresAt: 1,
        now: 0,
      });
    await engine.jobs.enqueue([{ name: 'purgePost', postId: '2000000000000000001' }]);
    await engine.posts.insert(newPost('the event'));
    fill();
    await writeUntilFull(server);
    const consuming = engine.events.consume('fanOut', async (events) => {
      attempts.event += 1;
      await write();
      handled.push(...events);
    });
    await engine.jobs.consume(['reconcile'], {
      rebuildTimeline: async () => {},
      settleAccount: async () => {},
      purgePost: async () => {
        attempts.job += 1;
        await write();
      },
    });
    await consuming;
    await expect.poll(() => Math.min(attempts.event, attempts.job), poll).toBeGreaterThan(1);
    expect(handled).toEqual([]);
    free();
    await expect.poll(() => handled.length, poll).toBeGreaterThan(0);
    await server.settled();
    const queues = await engine.queues.list();
    expect(queues.map(({ parked }) => parked).every((parked) => parked === 0)).toBe(true);
  }, 60_000);

  test('a claim that could not be released for lack of space does not block the retry', async () => {
    const server = await open();
    const { engine } = server;
    const claim = {
      keyHash: 'key',
      fingerprint: 'same input',
      resourceId: '2000000000000000001',
      owner: 'this process',
      expiresAt: Number.MAX_SAFE_INTEGER,
      now: 0,
    };
    await engine.idempotency.claim(claim);
    fill();
    await writeUntilFull(server);
    await expect(engine.idempotency.release('key', claim.owner)).rejects.toMatchObject({
      code: 'storage_full',
    });
    free();
    await expect.poll(() => server.isStorageFull(), poll).toBe(false);
    expect(await engine.idempotency.claim(claim)).toMatchObject({ state: 'claimed' });
  });

  test.each(['after a clean stop', 'after a kill'])(
    'a start %s serves reads, and writes when there is space',
    async (how) => {
      const post = newPost('kept');
      if (how === 'after a clean stop') {
        const server = await open();
        await server.engine.posts.insert(post);
        await server[Symbol.asyncDispose]();
        opened.length = 0;
      } else {
        const child = spawn(process.execPath, [
          '--conditions=twite-source',
          childFile,
          folder,
          'claim-and-insert',
        ]);
        await once(child.stdout, 'data');
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      const kept = how === 'after a clean stop' ? post.postId : '2000000000000000001';
      fill();
      const { engine, ...server } = await open();
      expect((await engine.posts.findMany([kept])).size).toBe(1);
      expect(await engine.stats.count()).toMatchObject({ posts: 1 });
      await expect(engine.posts.insert(newPost('x'.repeat(60_000)))).rejects.toMatchObject({
        code: 'storage_full',
      });
      expect(server.isStorageFull()).toBe(true);
      await server.checkPrimary();
      free();
      await expect.poll(() => server.isStorageFull(), poll).toBe(false);
      const later = newPost('later');
      await engine.posts.insert(later);
      expect((await engine.posts.findMany([kept, later.postId])).size).toBe(2);
      expect(await engine.stats.count()).toMatchObject({ posts: 2 });
    },
  );

  test('a start that has to create or migrate the database says in one line that the disk is full', async () => {
    mkdirSync(folder);
    fill();
    await expect(open()).rejects.toThrow(`the disk of ${folder}/twite.db is full`);
    free();
    await (await open()).checkPrimary();
  });

  test('a stop loses nothing and does not fail', async () => {
    const server = await open();
    fill();
    const written = await writeUntilFull(server);
    await server[Symbol.asyncDispose]();
    opened.length = 0;
    free();
    expect((await (await open()).engine.posts.findMany(written)).size).toBe(written.length);
  });
});
