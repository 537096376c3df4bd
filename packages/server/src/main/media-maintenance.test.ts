import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loadConfig } from '@twite/process/config/load-config';
import { createTwite } from '@twite/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPng } from '../http-tests/a-png.ts';
import { startEmbedded } from './embedded.ts';
import { pruneMedia, verifyMedia } from './media-maintenance.ts';

let stack: AsyncDisposableStack;
let dataDir: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  dataDir = await mkdtemp(join(tmpdir(), 'twite-media-'));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
});
afterEach(() => stack.disposeAsync());

/** A server with a picture on a post, and the key of one of its objects. */
async function startWithPicture() {
  const env = {
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_LOG_LEVEL: 'silent',
    TWITE_DATA_DIR: dataDir,
  };
  const server = stack.use(await startEmbedded(loadConfig(env)));
  const ann = createTwite({ baseUrl: server.url });
  await ann.accounts.create({ handle: 'ann', password: 'rue plumet 1832' });
  const { mediaId } = await ann.media.upload(aPng(600, 400));
  const { postId } = await ann.posts.create({ text: '', mediaIds: [mediaId] });
  await server.settled();
  const keys = (await server.deps.blobs.list({ limit: 100 })).map(({ key }) => key);
  return { server, ann, mediaId, postId, keys };
}

/** Makes an object two days old. */
async function age(key: string): Promise<void> {
  const files = await readdir(dataDir, { recursive: true });
  const file = files.find((path) => path.endsWith(basename(key)));
  const then = new Date(Date.now() - 48 * 60 * 60_000);
  await utimes(join(dataDir, file ?? 'no such object'), then, then);
}

test('every object that a record knows is looked for, beside the running server', async () => {
  const { server, mediaId, keys } = await startWithPicture();
  const all = { what: 'media: objects', compared: keys.length, differences: 0, examples: [] };
  expect(await verifyMedia({ dataDir })).toEqual(all);
  await server.deps.blobs.delete(keys.slice(0, 1));
  expect(await verifyMedia({ dataDir })).toEqual({ ...all, differences: 1, examples: [mediaId] });
});

test('objects that no record knows are counted, then deleted; younger ones and known ones stay', async () => {
  const { server, ann, postId, keys } = await startWithPicture();
  const [orphan, young] = ['a', 'b'].map((digit) => `media/${digit.repeat(32)}.webp`) as [string, string];
  for (const key of [orphan, young]) {
    const content = Buffer.from('a picture');
    await server.deps.blobs.put(key, {
      bytes: content.byteLength,
      mimeType: 'image/webp',
      open: async function* () {
        yield content;
      },
    });
  }
  for (const key of [...keys, orphan]) await age(key);
  const found = { objects: 1, bytes: 9 };
  expect(await pruneMedia({ dataDir, dryRun: true })).toEqual(found);
  expect(await server.deps.blobs.stat(orphan)).toBeDefined();
  expect(await pruneMedia({ dataDir, dryRun: false })).toEqual(found);
  const left = (await server.deps.blobs.list({ limit: 100 })).map(({ key }) => key);
  expect(left.sort()).toEqual([...keys, young].sort());
  const { media } = await ann.posts.get({ postId });
  expect((await fetch(media[0]?.url ?? '')).status).toBe(200);
});
