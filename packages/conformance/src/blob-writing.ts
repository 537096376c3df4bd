import { createHash, randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { NewBlob } from '@twite/core/media/blob-store';
import { newMediaKey } from '@twite/core/media/media-keys';
import { expect } from 'vitest';
import {
  blobOf,
  expectNothing,
  expectRejection,
  inChunks,
  mib,
  newKey,
  put,
  read,
  walk,
} from './blob-fixtures.ts';
import type { SuiteContext } from './suite.ts';
import { present } from './world.ts';

/** Writes are all or nothing. */
export function expectWholeWrites({ fact }: SuiteContext): void {
  fact('content of another length is refused and leaves nothing', async (world) => {
    const { blobs } = world.engine;
    const content = randomBytes(200_000);
    for (const bytes of [0, 1, content.length - 1, content.length + 1, 10 * mib]) {
      const key = newKey();
      await expectRejection(blobs.put(key, { ...blobOf(content), bytes }));
      await expectNothing(world, key);
    }
    const key = newKey();
    await expectRejection(blobs.put(key, { ...blobOf(Buffer.alloc(0)), bytes: 5 }));
    await expectNothing(world, key);
  });

  fact('interrupted content leaves nothing, and the error is passed on', async (world) => {
    const { blobs } = world.engine;
    const content = randomBytes(300_000);
    for (const after of [0, 1, 64 * 1024, content.length]) {
      const key = newKey();
      const breaksOff: NewBlob = {
        ...blobOf(content),
        async *open() {
          yield* inChunks(content.subarray(0, after));
          throw new Error('the upload broke off');
        },
      };
      await expect(blobs.put(key, breaksOff)).rejects.toThrow('the upload broke off');
      await expectNothing(world, key);
      await put(world, key, content);
      expect((await read(world, key))?.equals(content)).toBe(true);
    }
  });

  fact('a repeated put replaces the object, and a failed one leaves it unchanged', async (world) => {
    const { blobs } = world.engine;
    const key = newKey();
    const contents = [randomBytes(70_000), randomBytes(10), randomBytes(90_000)];
    for (const content of contents) {
      await put(world, key, content);
      expect((await read(world, key))?.equals(content)).toBe(true);
    }
    await expectRejection(blobs.put(key, { ...blobOf(randomBytes(100)), bytes: 99 }));
    expect((await read(world, key))?.equals(present(contents[2], 'content'))).toBe(true);
    expect((await walk(world, 1_000)).filter((listed) => listed.key === key)).toHaveLength(1);
  });

  fact('of several concurrent puts of one key, one remains complete', async (world) => {
    const key = newKey();
    const contents = Array.from({ length: 10 }, (_, i) => Buffer.alloc(50_000 + i, i));
    await Promise.all(contents.map((content) => put(world, key, content)));
    const stays = present(await read(world, key), key);
    expect(contents.some((content) => content.equals(stays))).toBe(true);
    expect(await world.engine.blobs.stat(key)).toMatchObject({ bytes: stays.length });
  });

  fact('many objects are put concurrently', async (world) => {
    const objects = Array.from({ length: 50 }, () => ({ key: newKey(), content: randomBytes(20_000) }));
    await Promise.all(objects.map(({ key, content }) => put(world, key, content)));
    for (const { key, content } of objects) expect((await read(world, key))?.equals(content)).toBe(true);
  });

  fact('a large object is never completely in memory', async (world) => {
    const { blobs } = world.engine;
    const bytes = 48 * mib;
    const key = newMediaKey('video/mp4');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    let most = 0;
    const measure = () => {
      // Twice: objects found by the first collection are freed in the background until the second.
      collect();
      collect();
      const { external, arrayBuffers, heapUsed } = process.memoryUsage();
      most = Math.max(most, external + arrayBuffers + heapUsed);
    };
    measure();
    const before = most;
    const written = createHash('sha256');
    await blobs.put(key, {
      bytes,
      mimeType: 'video/mp4',
      async *open() {
        for (let start = 0; start < bytes; start += mib) {
          const chunk = randomBytes(mib);
          written.update(chunk);
          yield chunk;
          if (start % (8 * mib) === 0) measure();
        }
      },
    });
    const readAgain = createHash('sha256');
    let since = 0;
    for await (const chunk of present(await blobs.get(key), key).content) {
      readAgain.update(chunk);
      since += chunk.length;
      if (since < 8 * mib) continue;
      since = 0;
      measure();
    }
    expect(readAgain.digest('hex')).toBe(written.digest('hex'));
    expect(most - before).toBeLessThan(16 * mib);
    await blobs.delete([key]);
  });
}
