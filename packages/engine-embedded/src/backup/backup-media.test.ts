import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { defaultSettings } from '@twite/core/engine';
import { newMediaKey } from '@twite/core/media/media-keys';
import { avatarSnapshotOf } from '@twite/core/media/present-media';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EmbeddedEngine,
  openEmbeddedBackup,
  openEmbeddedEngine,
  openEmbeddedRestore,
} from '../index.ts';
import {
  attach,
  contents,
  inChunks,
  missing,
  newAccount,
  newImage,
  newPost,
  newVideo,
  postOf,
  put,
  readAll,
  snapshotFor,
} from '../testing/stored-media.ts';

/** A file of a backup, completely read. */
interface Stored {
  readonly section: string;
  readonly name: string;
  readonly rows: number;
  readonly content: Buffer;
}

let root = '';
let dataDir = '';
let target = '';
const opened = new Set<EmbeddedEngine>();
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'twite-backup-'));
  dataDir = join(root, 'data');
  target = join(root, 'target');
});
afterEach(async () => {
  for (const open of opened) await close(open);
  rmSync(root, { recursive: true, force: true });
});

async function open(location = dataDir): Promise<EmbeddedEngine> {
  const engine = await openEmbeddedEngine({ location, clock: Date, settings: defaultSettings });
  opened.add(engine);
  return engine;
}
async function close(engine: EmbeddedEngine): Promise<void> {
  opened.delete(engine);
  await engine[Symbol.asyncDispose]();
}

/** Takes a backup. `meanwhile` runs once the database has been copied. */
async function backUp(meanwhile: () => Promise<unknown> = async () => {}): Promise<Stored[]> {
  const stored: Stored[] = [];
  await using source = await openEmbeddedBackup({ dataDir, workDir: root });
  await meanwhile();
  for await (const { section, name, rows, size, chunks } of source.files()) {
    const content = await readAll(chunks);
    expect(content).toHaveLength(size);
    // A reader of an archive derives it from the name in the same way.
    expect(section).toBe(name.slice(0, name.lastIndexOf('/')));
    stored.push({ section, name, rows, content });
  }
  return stored;
}

async function restore(files: readonly Stored[], into = target): Promise<void> {
  await using restoring = await openEmbeddedRestore(into);
  await restoring.begin(restoring.schemaVersion);
  for (const { section, name, rows, content } of files) {
    const size = content.length;
    expect(await restoring.write({ section, name, size, chunks: inChunks(content) })).toBe(rows);
  }
  await restoring.finish();
}

describe('a backup', () => {
  it('contains the objects of every record, with withheld ones marked, and nothing else', async () => {
    const server = await open();
    const owner = await newAccount(server);
    const image = await newImage(server, owner);
    const video = await newVideo(server, owner);
    const hidden = await newImage(server, owner);
    await put(server, newMediaKey('image/webp'));
    await newPost(server, owner, [image.mediaId, video.mediaId]);
    await server.engine.blobs.withhold(hidden.keys);
    const before = await contents(server);
    const files = await backUp();
    const sections = Object.groupBy(files, ({ section }) => section);
    expect(Object.keys(sections).sort()).toEqual(['database', 'media', 'uploads', 'withheld']);
    expect([sections.media, sections.withheld, sections.uploads].map((each) => each?.length)).toEqual([
      4, 3, 1,
    ]);
    await close(server);
    await restore(files);
    const restored = await open(target);
    const known = [...image.keys, ...hidden.keys, video.poster.key, video.sourceKey];
    expect(await contents(restored)).toEqual(new Map(known.sort().map((key) => [key, before.get(key)])));
    for (const key of hidden.keys) expect(await restored.engine.blobs.get(key)).toBeUndefined();
    await restored.engine.blobs.reinstate(hidden.keys);
    for (const key of hidden.keys) expect(await restored.engine.blobs.get(key)).toBeDefined();
    expect(await restored.engine.media.list({ limit: 10 })).toHaveLength(3);
    expect(await missing(restored)).toEqual([]);
    for (const folder of ['media', 'media/served', 'media/uploads'])
      expect(statSync(join(target, folder)).mode & 0o777).toBe(0o700);
    expect(existsSync(join(target, 'media', 'restoring'))).toBe(false);
  });

  it('contains no medium that was deleted meanwhile, and no reference to one', async () => {
    const server = await open();
    const owner = await newAccount(server);
    const [kept, gone, picture] = [
      await newImage(server, owner),
      await newImage(server, owner),
      await newImage(server, owner),
    ];
    const postId = await newPost(server, owner, [gone.mediaId, kept.mediaId]);
    await attach(server, owner, picture.mediaId, { kind: 'avatar', accountId: owner });
    const avatar = avatarSnapshotOf(await snapshotFor(server, picture.mediaId));
    await server.engine.accounts.update(owner, { avatar });
    const files = await backUp(async () => {
      for (const { mediaId, keys } of [gone, picture]) {
        await server.engine.media.remove([mediaId], { at: 1 });
        // As left by a crash in the middle of purging.
        await server.engine.blobs.delete(keys.slice(1));
      }
    });
    await close(server);
    await restore(files);
    const restored = await open(target);
    expect(await missing(restored)).toEqual([]);
    expect((await postOf(restored, postId))?.media.map(({ mediaId }) => mediaId)).toEqual([kept.mediaId]);
    expect((await restored.engine.accounts.findMany([owner])).get(owner)?.avatar).toBeNull();
    const due = await restored.engine.media.listDue(Date.now(), 10);
    expect(due.map(({ mediaId, state }) => [mediaId, state]).sort()).toEqual([
      [gone.mediaId, 'removed'],
      [picture.mediaId, 'removed'],
    ]);
  });

  it('contains a video in its processed form', async () => {
    const server = await open();
    const owner = await newAccount(server);
    const { mediaId, poster, sourceKey } = await newVideo(server, owner);
    const postId = await newPost(server, owner, [mediaId]);
    const key = newMediaKey('video/mp4');
    const files = await backUp(async () => {
      await server.engine.media.addKeys(mediaId, [key]);
      await put(server, key);
      const { main: _, ...rest } = await snapshotFor(server, mediaId);
      const main = { key, width: 10, height: 10, mimeType: 'video/mp4', bytes: 5_000 } as const;
      await server.engine.media.publish(mediaId, {
        ...{ ...rest, state: 'ready', main, variants: [poster], sourceKey: null, storedBytes: 10_000 },
      });
      await server.engine.blobs.delete([sourceKey]);
    });
    await close(server);
    await restore(files);
    const restored = await open(target);
    expect(await missing(restored)).toEqual([]);
    const [shown] = (await postOf(restored, postId))?.media ?? [];
    expect(shown).toMatchObject({ mediaId, state: 'ready', main: { key } });
    expect([...(await contents(restored)).keys()].sort()).toEqual([key, poster.key].sort());
    expect((await restored.engine.media.findMany([mediaId])).get(mediaId)).toMatchObject({
      state: 'ready',
      sourceKey: null,
      target: { kind: 'post', postId },
      expiresAt: null,
    });
  });

  it('of a database without media is unchanged', async () => {
    const server = await open();
    await newAccount(server);
    await close(server);
    const file = new DatabaseSync(join(dataDir, 'twite.db'));
    file.exec('DROP TABLE media; DROP TABLE media_keys');
    file.close();
    expect((await backUp()).map(({ name }) => name)).toEqual(['database/twite.db']);
  });
});

describe('a restore', () => {
  it('replaces everything', async () => {
    const source = await open();
    const owner = await newAccount(source);
    const { mediaId, keys } = await newImage(source, owner);
    const files = await backUp();
    // The same instance, later: with other media, and with those of the backup withheld.
    const later = await newImage(source, owner);
    await source.engine.blobs.withhold(keys);
    await close(source);
    await restore(files, dataDir);
    const restored = await open();
    expect([...(await contents(restored)).keys()].sort()).toEqual(keys.toSorted());
    for (const key of keys) expect(await restored.engine.blobs.get(key)).toBeDefined();
    expect((await restored.engine.media.findMany([mediaId, later.mediaId])).size).toBe(1);
  });

  it('of an archive without media leaves no media', async () => {
    const source = await open();
    await newAccount(source);
    const files = await backUp();
    await newImage(source, await newAccount(source));
    await close(source);
    await restore(files, dataDir);
    const restored = await open();
    expect(await restored.engine.blobs.list({ limit: 10 })).toEqual([]);
    expect(await missing(restored)).toEqual([]);
  });

  it('leaves the data unchanged when interrupted', async () => {
    const server = await open();
    const owner = await newAccount(server);
    const { mediaId } = await newImage(server, owner);
    await close(server);
    const before = readdirSync(join(dataDir, 'media'), { recursive: true }).sort();
    const key = newMediaKey('image/webp');
    await expect(
      restore([{ section: 'media', name: key, rows: 1, content: Buffer.from('x') }], dataDir),
    ).rejects.toThrow('no database');
    expect(readdirSync(join(dataDir, 'media'), { recursive: true }).sort()).toEqual(before);
    const again = await open();
    expect((await again.engine.media.findMany([mediaId])).size).toBe(1);
    expect(await missing(again)).toEqual([]);
  });

  it.each([
    ['media', 'media/../../../twite.db'],
    ['media', `media/${'a'.repeat(32)}.svg`],
    ['uploads', `uploads/${'a'.repeat(32)}.webp`],
    ['withheld', `media/${'a'.repeat(32)}.webp`],
    ['nonsense', `nonsense/${'a'.repeat(32)}.webp`],
  ])('refuses %s with %s', async (section, name) => {
    const file = { section, name, rows: 1, content: Buffer.from('x') };
    await expect(restore([file])).rejects.toThrow('the archive holds');
    expect(readdirSync(root).sort()).toEqual(['target']);
  });
});
