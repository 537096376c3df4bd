import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Invalidation } from '@twite/core/caching/invalidation';
import type { NewPost } from '@twite/core/posts/post-store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createThreadWriter } from './thread-writer.ts';
import type { Writer } from './writer.ts';

let folder = '';
let writer: Writer;
let commits: (readonly Invalidation[])[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twite-writer-'));
  commits = [];
  const file = { path: join(folder, 'twite.db'), mayMigrate: true };
  writer = await createThreadWriter(file, {
    committed: (invalidations) => void commits.push(invalidations),
    foreignWrite: () => {},
  });
});

afterEach(async () => {
  await writer.close();
  rmSync(folder, { recursive: true });
});

const post = (index: number): NewPost => ({
  postId: String(2_000_000_000_000_000_000n + BigInt(index)),
  authorId: '1900000000000000001',
  text: `post ${index}`,
  entities: { mentions: [], hashtags: [], urls: [] },
  visibility: 'public',
  media: [],
  createdAt: index,
});

function countPosts(): number {
  const db = new DatabaseSync(join(folder, 'twite.db'), { readOnly: true });
  const row = db.prepare('SELECT count(*) AS posts FROM posts').get();
  db.close();
  return Number(row?.posts);
}

it('concurrent writes share a commit', async () => {
  const results = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) => writer.run('insertPost', post(index))),
  );
  expect(new Set(results)).toEqual(new Set(['inserted']));
  expect(countPosts()).toBe(1_000);
  // Batches have at most 256 operations, so that none waits for long.
  expect(commits).toHaveLength(4);
});

it('writes during a commit share the next one', async () => {
  const chains = Array.from({ length: 20 }, async (_, chain) => {
    for (let step = 0; step < 20; step += 1) await writer.run('insertPost', post(chain * 20 + step));
  });
  await Promise.all(chains);
  expect(countPosts()).toBe(400);
  expect(commits.length).toBeLessThan(100);
});

it('a failed procedure only undoes its own changes', async () => {
  const broken = { ...post(4), createdAt: null as never };
  const [first, second, third] = await Promise.allSettled([
    writer.run('insertPost', post(1)),
    writer.run('indexPosts', { posts: [{ ...post(2), tags: [], hasMedia: false }, broken as never] }),
    writer.run('insertPost', post(3)),
  ]);
  expect(first).toEqual({ status: 'fulfilled', value: 'inserted' });
  expect(second.status).toBe('rejected');
  expect(third).toEqual({ status: 'fulfilled', value: 'inserted' });
  expect(commits).toHaveLength(1);
  expect(countPosts()).toBe(2);
  const db = new DatabaseSync(join(folder, 'twite.db'), { readOnly: true });
  expect(db.prepare('SELECT count(*) AS found FROM post_search').get()?.found).toBe(0);
  db.close();
});

it('errors of SQLite keep their codes', async () => {
  const NOT_NULL_CONSTRAINT = 1299;
  await expect(writer.run('insertPost', { ...post(1), createdAt: null as never })).rejects.toMatchObject({
    code: 'ERR_SQLITE_ERROR',
    errcode: NOT_NULL_CONSTRAINT,
  });
});

it('a write that cannot be cloned fails alone', async () => {
  const strange = { ...post(2), text: (() => {}) as never };
  const [first, second] = await Promise.allSettled([
    writer.run('insertPost', post(1)),
    writer.run('insertPost', strange),
  ]);
  expect(first).toEqual({ status: 'fulfilled', value: 'inserted' });
  expect(second.status).toBe('rejected');
  expect(countPosts()).toBe(1);
});

it('writes before closing are completed, and later ones are refused', async () => {
  const before = writer.run('insertPost', post(1));
  const closing = writer.close();
  const after = writer.run('insertPost', post(2));
  await expect(after).rejects.toMatchObject({ code: 'unavailable' });
  await expect(before).resolves.toBe('inserted');
  await closing;
  expect(countPosts()).toBe(1);
});

it('invalidations of a write are delivered before its promise resolves', async () => {
  await writer.run('insertPost', post(1));
  expect(commits.flat()).toContainEqual(['posts', post(1).postId]);
});
