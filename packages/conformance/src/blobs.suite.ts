import { randomBytes } from 'node:crypto';
import { newMediaKey, newSourceKey } from '@twite/core/media/media-keys';
import fc from 'fast-check';
import { expect } from 'vitest';
import { expectNothing, mib, newKey, put, read, readAll } from './blob-fixtures.ts';
import { expectRemoval } from './blob-removal.ts';
import { expectWholeWrites } from './blob-writing.ts';
import type { Suite, SuiteContext } from './suite.ts';
import { atOnce, present } from './world.ts';

function reading({ fact, propertyRuns }: SuiteContext): void {
  fact('an object is read unchanged', async (world) => {
    const { blobs } = world.engine;
    const started = Date.now();
    for (const key of [newMediaKey('image/webp'), newMediaKey('video/mp4'), newSourceKey()]) {
      const content = randomBytes(100_001);
      await put(world, key, content);
      const open = present(await blobs.get(key), key);
      expect(open.bytes).toBe(content.length);
      // Stores have second resolution and their own clocks.
      expect(Math.abs(open.modifiedAt - started)).toBeLessThan(10 * 60_000);
      expect((await readAll(open)).equals(content)).toBe(true);
      const { bytes, modifiedAt } = open;
      expect(await blobs.stat(key)).toEqual({ bytes, modifiedAt, isWithheld: false });
    }
  });

  fact('an object that was never put is missing', async (world) => {
    const { blobs } = world.engine;
    await expectNothing(world, newKey());
    expect(await blobs.get(newKey(), { start: 0, end: 10 })).toBeUndefined();
    await blobs.delete([newKey(), newSourceKey()]);
    await blobs.withhold([newKey()]);
    await blobs.reinstate([newKey()]);
    for (const act of ['delete', 'withhold', 'reinstate'] as const) await blobs[act]([]);
  });

  fact('any range of an object can be read', async (world) => {
    const { blobs } = world.engine;
    const key = newKey();
    const content = randomBytes(200_000);
    await put(world, key, content);
    const place = fc.integer({ min: 0, max: content.length - 1 });
    const edges = fc.constantFrom(0, 1, 65_535, 65_536, content.length - 2, content.length - 1);
    const ends = fc.tuple(fc.oneof(place, edges), fc.oneof(place, edges));
    await fc.assert(
      fc.asyncProperty(ends, async ([one, other]) => {
        const range = { start: Math.min(one, other), end: Math.max(one, other) };
        const open = present(await blobs.get(key, range), key);
        expect(open.bytes).toBe(content.length);
        expect((await readAll(open)).equals(content.subarray(range.start, range.end + 1))).toBe(true);
      }),
      { numRuns: Math.min(100, propertyRuns) },
    );
  });

  fact('an object can be empty, or have one byte', async (world) => {
    for (const content of [Buffer.alloc(0), Buffer.from('x')]) {
      const key = newKey();
      await put(world, key, content);
      expect((await read(world, key))?.equals(content)).toBe(true);
      expect(await world.engine.blobs.stat(key)).toMatchObject({ bytes: content.length });
    }
  });

  fact('chunks of any size are reassembled', async (world) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 20 }), async (chunks) => {
        const key = newKey();
        const content = Buffer.concat(chunks);
        await world.engine.blobs.put(key, {
          bytes: content.length,
          mimeType: 'image/webp',
          async *open() {
            yield* chunks;
          },
        });
        expect((await read(world, key))?.equals(content)).toBe(true);
      }),
      { numRuns: Math.min(50, propertyRuns) },
    );
  });

  fact('an abandoned read ends, whether it started or not', async (world) => {
    const key = newKey();
    const content = randomBytes(2 * mib);
    await put(world, key, content);
    // More than a store has connections for.
    for (let i = 0; i < 300; i++) {
      const open = present(await world.engine.blobs.get(key), key);
      const iterator = open.content[Symbol.asyncIterator]();
      if (i % 2 === 0) expect((await iterator.next()).value?.length).toBeGreaterThan(0);
      await iterator.return?.();
      expect((await iterator.next()).done).toBe(true);
    }
    expect((await read(world, key))?.equals(content)).toBe(true);
  });

  fact('an object can be read concurrently', async (world) => {
    const key = newKey();
    const content = randomBytes(300_000);
    await put(world, key, content);
    const all = await atOnce(30, () => read(world, key));
    for (const each of all) expect(each?.equals(content)).toBe(true);
  });
}

export const blobsSuite: Suite = (context) => {
  reading(context);
  expectWholeWrites(context);
  expectRemoval(context);
  context.factOverReopen('objects outlive the process', async (world, reopen) => {
    const [key, withheld] = [newKey(), newKey()];
    const content = randomBytes(100_000);
    for (const each of [key, withheld]) await put(world, each, content);
    await world.engine.blobs.withhold([withheld]);
    const after = await reopen();
    expect((await read(after, key))?.equals(content)).toBe(true);
    expect(await after.engine.blobs.get(withheld)).toBeUndefined();
    await after.engine.blobs.reinstate([withheld]);
    expect((await read(after, withheld))?.equals(content)).toBe(true);
  });
};
