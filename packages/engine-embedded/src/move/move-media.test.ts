import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '@twite/core/engine';
import { avatarSnapshotOf } from '@twite/core/media/present-media';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEmbeddedEngine, openMoveSource } from '../index.ts';
import {
  newAccount,
  newImage,
  newPost,
  newVideo,
  postOf,
  readAll,
  snapshotFor,
} from '../testing/stored-media.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'twite-move-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('a move includes published media with their objects', async () => {
  const server = await openEmbeddedEngine({ location: dataDir, clock: Date, settings: defaultSettings });
  const owner = await newAccount(server);
  const image = await newImage(server, owner);
  const video = await newVideo(server, owner);
  const removed = await newImage(server, owner);
  const postId = await newPost(server, owner, [image.mediaId]);
  const avatar = avatarSnapshotOf(await snapshotFor(server, image.mediaId));
  await server.engine.accounts.update(owner, { avatar });
  await server.engine.media.remove([removed.mediaId], { at: 1 });
  await server.engine.blobs.withhold(image.keys.slice(0, 1));
  const records = await server.engine.media.findMany([image.mediaId, video.mediaId]);
  const post = await postOf(server, postId);
  await server[Symbol.asyncDispose]();
  await using source = openMoveSource(dataDir);
  expect([...source.read('media')].flat()).toEqual([...records.values()]);
  expect([...source.read('posts')].flat()).toEqual([post]);
  expect([...source.read('accounts')].flat()).toMatchObject([{ accountId: owner, avatar, banner: null }]);
  const objects = new Map<string, boolean>();
  for await (const { key, bytes, isWithheld, open: read } of source.readObjects()) {
    expect(await readAll(read())).toHaveLength(bytes);
    objects.set(key, isWithheld);
  }
  const expected = [...image.keys, video.poster.key, video.sourceKey].sort();
  expect([...objects]).toEqual(expected.map((key) => [key, key === image.keys[0]]));
});
