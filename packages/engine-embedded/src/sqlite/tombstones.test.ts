import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { defaultSettings } from '@twite/core/engine';
import { firstIdAt } from '@twite/core/ids/ids';
import { expect, it, onTestFinished } from 'vitest';
import { openEmbeddedEngine } from '../index.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-30T12:00:00.000Z');

it('tombstones are kept for 30 days', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twite-tombstones-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const open = await openEmbeddedEngine({ location: folder, clock: Date, settings: defaultSettings });
  onTestFinished(() => open[Symbol.asyncDispose]());
  const { posts, idempotency } = open.engine;
  const post = (ageDays: number) => ({
    postId: firstIdAt(now - ageDays * day),
    authorId: firstIdAt(now),
    text: 'Soon gone',
    entities: { mentions: [], hashtags: [], urls: [] },
    visibility: 'public' as const,
    media: [],
    createdAt: now - ageDays * day,
  });
  const [old, recent] = [post(31), post(29)];
  for (const one of [old, recent]) {
    await posts.insert(one);
    await posts.delete(one.postId);
  }
  const remembered = () => {
    const db = new DatabaseSync(join(folder, 'twite.db'), { readOnly: true });
    const rows = db.prepare('SELECT post_id AS postId FROM deleted_posts ORDER BY post_id').all();
    db.close();
    return rows.map(({ postId }) => postId);
  };
  expect(remembered()).toEqual([old.postId, recent.postId]);
  await idempotency.deleteExpired(now);
  expect(remembered()).toEqual([recent.postId]);
  // The retry of its insert.
  await posts.insert(recent);
  expect((await posts.findMany([recent.postId])).size).toBe(0);
});
