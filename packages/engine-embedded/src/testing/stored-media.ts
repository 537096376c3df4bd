import { randomBytes } from 'node:crypto';
import { compareObjects } from '@twite/core/media/compare-media';
import { newMediaKey, newSourceKey, servedMimeType } from '@twite/core/media/media-keys';
import type { MediaTarget, MediaVariant } from '@twite/core/media/media-record';
import { snapshotOf } from '@twite/core/media/present-media';
import type { EmbeddedEngine } from '../index.ts';

export async function readAll(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read);
}

export async function* inChunks(content: Buffer) {
  for (let start = 0; start < content.length; start += 1_000) yield content.subarray(start, start + 1_000);
}

export const put = (engine: EmbeddedEngine, key: string, content = randomBytes(5_000)) =>
  engine.engine.blobs.put(key, {
    bytes: content.length,
    mimeType: servedMimeType(key) ?? 'application/octet-stream',
    open: () => inChunks(content),
  });

let nextId = 2_000_000_000_000_000_000n;
const id = () => String(nextId++);

const names = ['large', 'square96', 'square400'] as const;
const aVariant = (name: MediaVariant['name']): MediaVariant => ({
  name,
  key: newMediaKey('image/webp'),
  width: 10,
  height: 10,
  mimeType: 'image/webp',
  bytes: 5_000,
});

/** Uploads an image and its objects. */
export async function newImage(open: EmbeddedEngine, ownerId: string) {
  const { media } = open.engine;
  const mediaId = id();
  const variants = names.map(aVariant);
  const keys = variants.map(({ key }) => key);
  const given = { kind: 'image', altText: 'A garden', focus: { x: 0, y: 0 } } as const;
  await media.reserve({ mediaId, ownerId, ...given, keys, storedBytes: 1, createdAt: 1, expiresAt: 1e15 });
  for (const key of keys) await put(open, key);
  const [large] = variants;
  const shape = { width: 10, height: 10, durationMs: null, thumbhash: 'hash' };
  const main = large ? { ...large, name: undefined } : null;
  await media.publish(mediaId, {
    state: 'ready',
    main,
    ...shape,
    variants,
    sourceKey: null,
    storedBytes: 15_000,
  });
  return { mediaId, keys };
}

export async function newVideo(open: EmbeddedEngine, ownerId: string) {
  const { media } = open.engine;
  const mediaId = id();
  const poster = aVariant('poster');
  const sourceKey = newSourceKey();
  const given = { kind: 'video', altText: '', focus: { x: 0, y: 0 } } as const;
  const keys = [poster.key, sourceKey];
  await media.reserve({ mediaId, ownerId, ...given, keys, storedBytes: 1, createdAt: 1, expiresAt: 1e15 });
  for (const key of keys) await put(open, key);
  const shape = { width: 10, height: 10, durationMs: 1_000, thumbhash: 'hash' };
  await media.publish(mediaId, {
    ...{ state: 'processing', main: null, ...shape, variants: [poster], sourceKey, storedBytes: 10_000 },
  });
  return { mediaId, poster, sourceKey };
}

export const snapshotFor = async ({ engine }: EmbeddedEngine, mediaId: string) => {
  const record = (await engine.media.findMany([mediaId])).get(mediaId);
  const snapshot = record && snapshotOf(record);
  if (snapshot === undefined) throw new Error('there is no such medium');
  return snapshot;
};

export async function attach(open: EmbeddedEngine, ownerId: string, mediaId: string, to: MediaTarget) {
  await open.engine.media.attach([mediaId], { ownerId, target: to, expiresAt: 1e15 });
  await open.engine.media.keep([mediaId], to);
}

export async function newAccount({ engine }: EmbeddedEngine): Promise<string> {
  const accountId = id();
  const name = { handle: `h${accountId}`, displayName: '', passwordHash: '' };
  await engine.accounts.insert({ accountId, ...name, createdAt: 1 });
  return accountId;
}

export async function newPost(
  open: EmbeddedEngine,
  authorId: string,
  mediaIds: readonly string[],
): Promise<string> {
  const postId = id();
  const media = [];
  for (const mediaId of mediaIds) {
    await attach(open, authorId, mediaId, { kind: 'post', postId });
    media.push(await snapshotFor(open, mediaId));
  }
  const entities = { mentions: [], hashtags: [], urls: [] };
  const post = {
    postId,
    authorId,
    text: 'Look',
    entities,
    visibility: 'public',
    media,
    createdAt: 1,
  } as const;
  await open.engine.posts.insert(post);
  return postId;
}

export const contents = async ({ engine }: EmbeddedEngine): Promise<Map<string, string | undefined>> => {
  const found = new Map<string, string | undefined>();
  for (const { key } of await engine.blobs.list({ limit: 1_000 })) {
    const open = await engine.blobs.get(key);
    found.set(key, open && (await readAll(open.content)).toString('hex'));
  }
  return found;
};

/** Ids of media that lack an object. */
export const missing = async ({ engine }: EmbeddedEngine): Promise<readonly string[]> =>
  (await compareObjects(engine).compare(undefined)).differing;

export const postOf = async ({ engine }: EmbeddedEngine, postId: string) =>
  (await engine.posts.findMany([postId])).get(postId);
