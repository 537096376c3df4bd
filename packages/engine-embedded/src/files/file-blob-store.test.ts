import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '@twite/core/engine';
import type { BlobStore, NewBlob } from '@twite/core/media/blob-store';
import { newMediaKey, newSourceKey } from '@twite/core/media/media-keys';
import { Unavailable } from '@twite/core/unavailable';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedEngine, openEmbeddedEngine } from '../index.ts';
import { FileBlobStore } from './file-blob-store.ts';

const blobOf = (content: Uint8Array): NewBlob => ({
  bytes: content.length,
  mimeType: 'image/webp',
  async *open() {
    yield content;
  },
});
const newKey = () => newMediaKey('image/webp');
const nameOf = (key: string) => key.slice(key.indexOf('/') + 1);

async function read(blobs: BlobStore, key: string): Promise<Buffer | undefined> {
  const open = await blobs.get(key);
  if (open === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of open.content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

let folder = '';
let media = '';
const opened: EmbeddedEngine[] = [];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'twite-files-')), 'data');
  media = join(folder, 'media');
});
afterEach(async () => {
  for (const open of opened.splice(0)) await open[Symbol.asyncDispose]();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

async function open(options: { location?: string; exclusive?: boolean } = {}): Promise<EmbeddedEngine> {
  const engine = await openEmbeddedEngine({
    location: folder,
    clock: Date,
    settings: defaultSettings,
    ...options,
  });
  opened.push(engine);
  return engine;
}

/** Every file and folder below a folder, with its mode. */
const tree = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true }).map((name) => [
      String(name),
      (statSync(join(root, String(name))).mode & 0o777).toString(8),
    ]),
  );
/** The files below the folder that this process has open. */
const openFiles = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(media);
    } catch {
      return false;
    }
  });

it('served objects have their own folder; only the owner can read any folder', async () => {
  const { engine } = await open();
  const [served, withheld, source] = [newKey(), newKey(), newSourceKey()];
  for (const key of [served, withheld, source]) await engine.blobs.put(key, blobOf(Buffer.from('x')));
  await engine.blobs.withhold([withheld]);
  const shard = (key: string) => nameOf(key).slice(0, 2);
  const entries = {
    served: '700',
    [`served/${shard(served)}`]: '700',
    [`served/${shard(withheld)}`]: '700',
    [`served/${shard(served)}/${nameOf(served)}`]: '600',
    withheld: '700',
    [`withheld/${shard(withheld)}`]: '700',
    [`withheld/${shard(withheld)}/${nameOf(withheld)}`]: '600',
    uploads: '700',
    [`uploads/${shard(source)}`]: '700',
    [`uploads/${shard(source)}/${nameOf(source)}`]: '600',
    partial: '700',
  };
  expect(tree(media)).toEqual(entries);
  expect(statSync(media).mode & 0o777).toBe(0o700);
  chmodSync(media, 0o755);
  await opened.pop()?.[Symbol.asyncDispose]();
  await open();
  expect(statSync(media).mode & 0o777).toBe(0o700);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('a data folder has no media folder until there is an object', async () => {
  const { engine } = await open();
  expect(await engine.blobs.get(newKey())).toBeUndefined();
  expect(await engine.blobs.list({ limit: 10 })).toEqual([]);
  await engine.blobs.delete([newKey()]);
  expect(existsSync(media)).toBe(false);
});

it('partial files of another process are removed when the next server starts, and not before', async () => {
  mkdirSync(join(media, 'partial'), { recursive: true });
  const leftover = join(media, 'partial', 'somebody.part');
  writeFileSync(leftover, 'half');
  const server = await open();
  expect(existsSync(leftover)).toBe(false);
  writeFileSync(leftover, 'of an upload under way');
  await open({ exclusive: false });
  expect(existsSync(leftover)).toBe(true);
  expect(await server.engine.blobs.list({ limit: 10 })).toEqual([]);
});

it('a failed put leaves no file, and no open file', async () => {
  const blobs = new FileBlobStore(media);
  const breaksOff: NewBlob = {
    bytes: 10,
    mimeType: 'image/webp',
    async *open() {
      yield Buffer.from('half');
      throw new Error('broke off');
    },
  };
  await expect(blobs.put(newKey(), breaksOff)).rejects.toThrow('broke off');
  await expect(blobs.put(newKey(), { ...blobOf(Buffer.from('long')), bytes: 3 })).rejects.toThrow('not 3');
  await expect(blobs.put(newKey(), { ...blobOf(Buffer.from('short')), bytes: 9 })).rejects.toThrow('5 bytes');
  expect(tree(media)).toEqual({ partial: '700' });
  expect(openFiles()).toEqual([]);
});

it('a source is closed when it yields too much', async () => {
  const blobs = new FileBlobStore(media);
  let ended = false;
  let given = 0;
  const endless: NewBlob = {
    bytes: 10_000,
    mimeType: 'image/webp',
    async *open() {
      try {
        for (;;) {
          given += 4_096;
          yield Buffer.alloc(4_096);
        }
      } finally {
        ended = true;
      }
    },
  };
  await expect(blobs.put(newKey(), endless)).rejects.toThrow('more bytes');
  expect(ended).toBe(true);
  expect(given).toBe(3 * 4_096);
});

it('a read keeps a file open only while it reads', async () => {
  const blobs = new FileBlobStore(media);
  const key = newKey();
  const content = randomBytes(1_000_000);
  await blobs.put(key, blobOf(content));
  await blobs.get(key);
  expect(openFiles()).toEqual([]);
  const left = await blobs.get(key);
  for await (const chunk of left?.content ?? []) {
    expect(chunk.length).toBeLessThanOrEqual(256 * 1024);
    expect(openFiles()).toHaveLength(1);
    break;
  }
  expect(openFiles()).toEqual([]);
  expect((await read(blobs, key))?.equals(content)).toBe(true);
  expect(openFiles()).toEqual([]);
  // Read while another caller ends it, as when a client disconnects.
  const iterator = (await blobs.get(key))?.content[Symbol.asyncIterator]();
  await Promise.all([iterator?.next(), iterator?.next(), iterator?.return?.()]);
  expect(openFiles()).toEqual([]);
});

it('an object that is deleted during a read is read completely', async () => {
  const blobs = new FileBlobStore(media);
  const key = newKey();
  const content = randomBytes(1_000_000);
  await blobs.put(key, blobOf(content));
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await blobs.get(key))?.content ?? []) {
    chunks.push(chunk);
    await blobs.delete([key]);
  }
  expect(Buffer.concat(chunks).equals(content)).toBe(true);
  expect(await blobs.get(key)).toBeUndefined();
});

it('a deleted folder is created again', async () => {
  const blobs = new FileBlobStore(media);
  const key = newKey();
  await blobs.put(key, blobOf(Buffer.from('one')));
  rmSync(media, { recursive: true });
  expect(await blobs.get(key)).toBeUndefined();
  await blobs.put(key, blobOf(Buffer.from('two')));
  expect((await read(blobs, key))?.toString()).toBe('two');
});

it('foreign files in the folder are not listed', async () => {
  const blobs = new FileBlobStore(media);
  const key = newKey();
  await blobs.put(key, blobOf(Buffer.from('x')));
  const shard = join(media, 'served', nameOf(key).slice(0, 2));
  writeFileSync(join(shard, 'README'), '');
  writeFileSync(join(shard, `${'0'.repeat(32)}.svg`), '');
  mkdirSync(join(media, 'served', 'zz'));
  writeFileSync(join(media, 'served', 'zz', nameOf(key)), '');
  expect((await blobs.list({ limit: 10 })).map((listed) => listed.key)).toEqual([key]);
});

describe('a folder that cannot be used', () => {
  /** Puts a file in place of a folder: not even root can use it. */
  const spoil = () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(media, '');
  };

  it('only makes media unavailable', async () => {
    const server = await open();
    spoil();
    const { blobs, posts } = server.engine;
    const key = newKey();
    await expect(blobs.put(key, blobOf(Buffer.from('x')))).rejects.toSatisfy(
      (error) => error instanceof Unavailable && error.dependency === 'objects',
    );
    for (const attempt of [
      blobs.get(key),
      blobs.stat(key),
      blobs.delete([key]),
      blobs.withhold([key]),
      blobs.reinstate([key]),
      blobs.list({ limit: 1 }),
    ])
      await expect(attempt).rejects.toBeInstanceOf(Unavailable);
    const { dependencies } = await server.status();
    expect(dependencies).toMatchObject([
      { name: 'sqlite', state: 'up', primary: true },
      { name: 'objects', state: 'down', primary: false, latencyMs: null },
    ]);
    expect(dependencies[1]?.degraded).toContain('Uploads fail');
    await server.checkPrimary();
    expect((await posts.findMany([])).size).toBe(0);
    rmSync(media);
    await blobs.put(key, blobOf(Buffer.from('x')));
    expect((await server.status()).dependencies[1]).toMatchObject({ state: 'up', degraded: null });
  });

  it('does not keep a server from starting', async () => {
    spoil();
    const server = await open();
    expect((await server.status()).dependencies[1]).toMatchObject({ state: 'down' });
  });
});

describe('an engine in memory', () => {
  const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith('twite-media-'));

  it('keeps objects in a temporary folder that is removed with it', async () => {
    const before = new Set(temporary());
    const server = await open({ location: ':memory:' });
    expect(temporary().filter((name) => !before.has(name))).toEqual([]);
    const key = newKey();
    await server.engine.blobs.put(key, blobOf(Buffer.from('x')));
    const made = temporary().filter((name) =>
      existsSync(join(tmpdir(), name, 'served', nameOf(key).slice(0, 2), nameOf(key))),
    );
    expect(made).toHaveLength(1);
    expect(statSync(join(tmpdir(), made[0] ?? '')).mode & 0o777).toBe(0o700);
    await server[Symbol.asyncDispose]();
    expect(temporary()).not.toContain(made[0]);
  });
});
