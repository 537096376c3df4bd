import { randomBytes } from 'node:crypto';
import { newMediaKey, newSourceKey } from '@twite/core/media/media-keys';
import { expect } from 'vitest';
import { blobOf, expectNothing, expectRejection, newKey, put, read, walk } from './blob-fixtures.ts';
import type { SuiteContext } from './suite.ts';
import { atOnce, present } from './world.ts';

/** Deletion, withholding, and listings. */
export function expectRemoval({ fact, factAlone }: SuiteContext): void {
  fact('deleting an object removes it, withheld or not, and is idempotent', async (world) => {
    const { blobs } = world.engine;
    const keys = [newKey(), newKey(), newSourceKey()];
    for (const key of keys) await put(world, key, randomBytes(100));
    const kept = newKey();
    await put(world, kept, randomBytes(100));
    await blobs.withhold(keys.slice(1, 2));
    for (let i = 0; i < 2; i++) await blobs.delete([...keys, newKey()]);
    for (const key of keys) await expectNothing(world, key);
    await blobs.reinstate(keys);
    for (const key of keys) await expectNothing(world, key);
    expect((await read(world, kept))?.length).toBe(100);
    await blobs.delete(Array.from({ length: 1_500 }, newKey));
  });

  fact('a withheld object is not served until it is reinstated; both are idempotent', async (world) => {
    const { blobs } = world.engine;
    const [key, other] = [newKey(), newKey()];
    const content = randomBytes(1_000);
    for (const each of [key, other]) await put(world, each, content);
    for (let i = 0; i < 2; i++) await blobs.withhold([key, newKey()]);
    expect(await blobs.get(key)).toBeUndefined();
    expect(await blobs.get(key, { start: 0, end: 1 })).toBeUndefined();
    // The object exists: a comparison of records and objects must include it.
    expect(await blobs.stat(key)).toMatchObject({ bytes: content.length, isWithheld: true });
    expect((await walk(world, 1_000)).filter((listed) => listed.key === key)).toHaveLength(1);
    expect((await read(world, other))?.equals(content)).toBe(true);
    for (let i = 0; i < 2; i++) await blobs.reinstate([key, newKey()]);
    expect(await blobs.stat(key)).toMatchObject({ isWithheld: false });
    expect((await read(world, key))?.equals(content)).toBe(true);
    expect((await walk(world, 1_000)).filter((listed) => listed.key === key)).toHaveLength(1);
  });

  fact(
    'objects that are never served cannot be withheld, because they still have to be processed',
    async (world) => {
      const key = newSourceKey();
      const content = randomBytes(1_000);
      await put(world, key, content);
      await world.engine.blobs.withhold([key]);
      expect((await read(world, key))?.equals(content)).toBe(true);
      await world.engine.blobs.reinstate([key]);
      expect((await read(world, key))?.equals(content)).toBe(true);
    },
  );

  fact('concurrent withholding and reinstating lose nothing', async (world) => {
    const { blobs } = world.engine;
    const keys = Array.from({ length: 10 }, newKey);
    for (const key of keys) await put(world, key, Buffer.from(key));
    await atOnce(20, (i) => (i % 2 === 0 ? blobs.withhold(keys) : blobs.reinstate(keys)));
    await blobs.reinstate(keys);
    for (const key of keys) expect((await read(world, key))?.toString()).toBe(key);
  });

  factAlone(
    'all objects are listed once, including withheld ones, in pages of any size',
    {},
    async (world) => {
      const { blobs } = world.engine;
      expect(await blobs.list({ limit: 10 })).toEqual([]);
      const sizes = new Map<string, number>();
      for (let i = 0; i < 23; i++) {
        const key = i % 5 === 0 ? newSourceKey() : newMediaKey(i % 2 === 0 ? 'image/webp' : 'video/webm');
        await put(world, key, Buffer.alloc(i));
        sizes.set(key, i);
      }
      await blobs.withhold([...sizes.keys()].slice(10, 16));
      const all = await walk(world, 1_000);
      expect(new Map(all.map(({ key, bytes }) => [key, bytes]))).toEqual(sizes);
      expect(all).toHaveLength(sizes.size);
      for (const limit of [1, 2, 5, 23, 24]) expect(await walk(world, limit)).toEqual(all);
      const middle = present(all[11], 'object').key;
      await blobs.delete([middle]);
      expect(await blobs.list({ after: middle, limit: 1_000 })).toEqual(all.slice(12));
    },
  );

  fact('an invalid key is refused', async (world) => {
    const { blobs } = world.engine;
    const hex = 'a'.repeat(32);
    for (const key of [
      '',
      'media',
      `media/${hex}`,
      `media/${hex}.svg`,
      `media/${hex.toUpperCase()}.webp`,
      `media/${hex}.webp/`,
      `/media/${hex}.webp`,
      `media/../uploads/${hex}.bin`,
      '../../etc/passwd',
      'media/../twite.db',
      `uploads/${hex}.webp`,
      `withheld/${hex}.webp`,
      `media/${hex}.webp\0`,
      `media\\${hex}.webp`,
    ]) {
      await expectRejection(blobs.put(key, blobOf(Buffer.from('x'))));
      await expectRejection(blobs.get(key));
      await expectRejection(blobs.stat(key));
      for (const act of ['delete', 'withhold', 'reinstate'] as const)
        await expectRejection(blobs[act]([key]));
    }
  });
}
