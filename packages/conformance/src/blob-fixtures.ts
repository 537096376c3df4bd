import type { NewBlob, OpenBlob } from '@twite/core/media/blob-store';
import { newMediaKey } from '@twite/core/media/media-keys';
import { expect } from 'vitest';
import type { World } from './world.ts';

export const mib = 1024 * 1024;
export const newKey = () => newMediaKey('image/webp');

export async function* inChunks(content: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += size) yield content.subarray(start, start + size);
}

export const blobOf = (content: Uint8Array, size?: number): NewBlob => ({
  bytes: content.length,
  mimeType: 'image/webp',
  open: () => inChunks(content, size),
});

export const put = (world: World, key: string, content: Uint8Array) =>
  world.engine.blobs.put(key, blobOf(content));

export async function readAll({ content }: OpenBlob): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function read(world: World, key: string): Promise<Buffer | undefined> {
  const open = await world.engine.blobs.get(key);
  return open && readAll(open);
}

/** Lists everything, page by page. */
export async function walk(world: World, limit: number) {
  const found: { key: string; bytes: number }[] = [];
  for (;;) {
    const page = await world.engine.blobs.list({ after: found.at(-1)?.key, limit });
    expect(page.length).toBeLessThanOrEqual(limit);
    found.push(...page);
    if (page.length < limit) return found;
  }
}

export async function expectNothing(world: World, key: string): Promise<void> {
  expect(await world.engine.blobs.get(key)).toBeUndefined();
  expect(await world.engine.blobs.stat(key)).toBeUndefined();
  expect((await walk(world, 1_000)).map((listed) => listed.key)).not.toContain(key);
}

export const expectRejection = async (promise: Promise<unknown>) =>
  expect(
    await promise.then(
      () => 'resolved',
      () => 'rejected',
    ),
  ).toBe('rejected');
