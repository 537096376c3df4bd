import { createHash, randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { NewBlob, OpenBlob } from '@twite/core/media/blob-store';
import { newMediaKey, newSourceKey } from '@twite/core/media/media-keys';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Suite, SuiteContext } from './suite.ts';
import { atOnce, present, type World } from './world.ts';

const mib = 1024 * 1024;
const newKey = () => newMediaKey('image/webp');

async function* inChunks(content: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += size) yield content.subarray(start, start + size);
}

const blobOf = (content: Uint8Array, size?: number): NewBlob => ({
  bytes: content.length,
  mimeType: 'image/webp',
  open: () => inChunks(content, size),
});

const put = (world: World, key: string, content: Uint8Array) => world.engine.blobs.put(key, blobOf(content));

async function readAll({ content }: OpenBlob): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function read(world: World, key: string): Promise<Buffer | undefined> {
  const open = await world.engine.blobs.get(key);
  return open && readAll(open);
}

/** All that is listed, page by page. */
async function walk(world: World, limit: number) {
  const found: { key: string; bytes: number }[] = [];
  for (;;) {
    const page = await world.engine.blobs.list({ after: found.at(-1)?.key, limit });
    expect(page.length).toBeLessThanOrEqual(limit);
    found.push(...page);
    if (page.length < limit) return found;
  }
}

async function expectNothing(world: World, key: string): Promise<void> {
  expect(await world.engine.blobs.get(key)).toBeUndefined();
  expect(await world.engine.blobs.stat(key)).toBeUndefined();
  expect((await walk(world, 1_000)).map((listed) => listed.key)).not.toContain(key);
}

function reading({ fact, propertyRuns }: SuiteContext): void {
  fact('an object is read as it was put', async (world) => {
    const { blobs } = world.engine;
    const started = Date.now();
    for (const key of [newMediaKey('image/webp'), newMediaKey('video/mp4'), newSourceKey()]) {
      const content = randomBytes(100_001);
      await put(world, key, content);
      const open = present(await blobs.get(key), key);
      expect(open.bytes).toBe(content.length);
      // Stores keep seconds, and have clocks of their own.
      expect(Math.abs(open.modifiedAt - started)).toBeLessThan(10 * 60_000);
      expect((await readAll(open)).equals(content)).toBe(true);
      const { bytes, modifiedAt } = open;
      expect(await blobs.stat(key)).toEqual({ bytes, modifiedAt });
    }
  });

  fact('what was never put is not there', async (world) => {
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

  fact('an object may be empty, or of one byte', async (world) => {
    for (const content of [Buffer.alloc(0), Buffer.from('x')]) {
      const key = newKey();
      await put(world, key, content);
      expect((await read(world, key))?.equals(content)).toBe(true);
      expect(await world.engine.blobs.stat(key)).toMatchObject({ bytes: content.length });
    }
  });

  fact('chunks of any size are put together', async (world) => {
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

  fact('a read that is left early ends, begun or not', async (world) => {
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

  fact('many read one object at once', async (world) => {
    const key = newKey();
    const content = randomBytes(300_000);
    await put(world, key, content);
    const all = await atOnce(30, () => read(world, key));
    for (const each of all) expect(each?.equals(content)).toBe(true);
  });
}

const expectRejection = async (promise: Promise<unknown>) =>
  expect(
    await promise.then(
      () => 'resolved',
      () => 'rejected',
    ),
  ).toBe('rejected');

function writing({ fact }: SuiteContext): void {
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

  fact('content that breaks off leaves nothing, and the error is told', async (world) => {
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

  fact('a put that is repeated replaces, and one that fails leaves what was there', async (world) => {
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

  fact('of many puts of one key at once, one stays whole', async (world) => {
    const key = newKey();
    const contents = Array.from({ length: 10 }, (_, i) => Buffer.alloc(50_000 + i, i));
    await Promise.all(contents.map((content) => put(world, key, content)));
    const stays = present(await read(world, key), key);
    expect(contents.some((content) => content.equals(stays))).toBe(true);
    expect(await world.engine.blobs.stat(key)).toMatchObject({ bytes: stays.length });
  });

  fact('many objects are put at once', async (world) => {
    const objects = Array.from({ length: 50 }, () => ({ key: newKey(), content: randomBytes(20_000) }));
    await Promise.all(objects.map(({ key, content }) => put(world, key, content)));
    for (const { key, content } of objects) expect((await read(world, key))?.equals(content)).toBe(true);
  });

  fact('a large object is never in memory as a whole', async (world) => {
    const { blobs } = world.engine;
    const bytes = 48 * mib;
    const key = newMediaKey('video/mp4');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    let most = 0;
    const measure = () => {
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
          measure();
        }
      },
    });
    const readAgain = createHash('sha256');
    let since = 0;
    for await (const chunk of present(await blobs.get(key), key).content) {
      readAgain.update(chunk);
      since += chunk.length;
      if (since < mib) continue;
      since = 0;
      measure();
    }
    expect(readAgain.digest('hex')).toBe(written.digest('hex'));
    expect(most - before).toBeLessThan(24 * mib);
    await blobs.delete([key]);
  });
}

function removing({ fact, factAlone }: SuiteContext): void {
  fact('what is deleted is gone, withheld or not, once or twice', async (world) => {
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

  fact('what is withheld is not served until it is reinstated, once or twice', async (world) => {
    const { blobs } = world.engine;
    const [key, other] = [newKey(), newKey()];
    const content = randomBytes(1_000);
    for (const each of [key, other]) await put(world, each, content);
    for (let i = 0; i < 2; i++) await blobs.withhold([key, newKey()]);
    expect(await blobs.get(key)).toBeUndefined();
    expect(await blobs.get(key, { start: 0, end: 1 })).toBeUndefined();
    // The object is there: whoever compares records and objects must not miss it.
    expect(await blobs.stat(key)).toMatchObject({ bytes: content.length });
    expect((await walk(world, 1_000)).filter((listed) => listed.key === key)).toHaveLength(1);
    expect((await read(world, other))?.equals(content)).toBe(true);
    for (let i = 0; i < 2; i++) await blobs.reinstate([key, newKey()]);
    expect((await read(world, key))?.equals(content)).toBe(true);
    expect((await walk(world, 1_000)).filter((listed) => listed.key === key)).toHaveLength(1);
  });

  fact('what is never served cannot be withheld: it still has to be processed', async (world) => {
    const key = newSourceKey();
    const content = randomBytes(1_000);
    await put(world, key, content);
    await world.engine.blobs.withhold([key]);
    expect((await read(world, key))?.equals(content)).toBe(true);
    await world.engine.blobs.reinstate([key]);
    expect((await read(world, key))?.equals(content)).toBe(true);
  });

  fact('withholding and reinstating at once lose nothing', async (world) => {
    const { blobs } = world.engine;
    const keys = Array.from({ length: 10 }, newKey);
    for (const key of keys) await put(world, key, Buffer.from(key));
    await atOnce(20, (i) => (i % 2 === 0 ? blobs.withhold(keys) : blobs.reinstate(keys)));
    await blobs.reinstate(keys);
    for (const key of keys) expect((await read(world, key))?.toString()).toBe(key);
  });

  factAlone('all objects are listed once, withheld ones too, in pages of any size', {}, async (world) => {
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
  });

  fact('what is not a key is refused', async (world) => {
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

export const blobsSuite: Suite = (context) => {
  reading(context);
  writing(context);
  removing(context);
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
