import { newMediaKey, newSourceKey } from '@twite/core/media/media-keys';
import type { MediaRecord } from '@twite/core/media/media-record';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabases } from '../mongodb/databases.ts';
import { MongoMediaCatalogue } from '../mongodb/media-catalogue.ts';
import { openTestMongo } from '../mongodb/testing/open-mongo.ts';
import { openMoveTarget } from '../move/open-move-target.ts';
import { openBlobs } from '../s3/open-blobs.ts';
import { hasServices, testNamespaces, testS3Place, testUrls } from '../testing/open-for-test.ts';
import { openDistributedBackup } from './open-backup.ts';
import { openDistributedRestore } from './open-restore.ts';

const noLog = () => {};
const blobOf = (text: string) => ({
  bytes: Buffer.byteLength(text),
  mimeType: 'image/webp' as const,
  async *open() {
    yield Buffer.from(text);
  },
});

/** The content at each key. Null: it is withheld. */
async function contentsOf(namespace: string): Promise<Map<string, string | null>> {
  using opened = openBlobs(testS3Place(namespace), noLog);
  const contents = new Map<string, string | null>();
  for (const { key } of await opened.blobs.list({ limit: 1_000 })) {
    const open = await opened.blobs.get(key);
    let text = '';
    for await (const chunk of open?.content ?? []) text += Buffer.from(chunk).toString();
    contents.set(key, open === undefined ? null : text);
  }
  return contents;
}

describe.runIf(hasServices)('objects on S3', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 60_000);

  it('are in a backup, including those added during it, and are restored to their keys', async () => {
    await using mongo = await openTestMongo();
    const from = namespaces.add();
    using opened = openBlobs(testS3Place(from), noLog);
    const { blobs } = opened;
    const [served, withheld, reinstated, source, late] = [
      newMediaKey('image/webp'),
      newMediaKey('image/webp'),
      newMediaKey('video/mp4'),
      newSourceKey(),
      newMediaKey('image/webp'),
    ] as const;
    for (const key of [served, withheld, reinstated, source]) await blobs.put(key, blobOf(`at ${key}`));
    await blobs.withhold([withheld, reinstated]);
    await blobs.reinstate([reinstated]);
    const media = new MongoMediaCatalogue(mongo.context);
    const mediaId = '1900000000000000001';
    await media.reserve({
      mediaId,
      ownerId: '1900000000000000000',
      kind: 'image',
      altText: 'A garden',
      focus: { x: 0, y: 0 },
      keys: [served],
      storedBytes: 1,
      createdAt: 1,
      expiresAt: 2,
    });
    const urls = { ...testUrls(), s3: testS3Place(from) };
    const to = namespaces.add();
    await using backup = await openDistributedBackup(urls, mongo.namespace);
    await using target = await openDistributedRestore(testUrls(to), to);
    expect(await target.hasData()).toBe(false);
    await target.begin(backup.schemaVersion);
    const names: string[] = [];
    for await (const file of backup.files()) {
      if (names.length === 0) await blobs.put(late, blobOf('late'));
      names.push(file.name);
      expect(await target.write(file)).toBe(file.rows);
    }
    await target.finish();
    expect(new Set(names).size).toBe(names.length);
    expect(await contentsOf(to)).toEqual(
      new Map(
        [
          [served, `at ${served}`] as const,
          [withheld, null] as const,
          [reinstated, `at ${reinstated}`] as const,
          [source, `at ${source}`] as const,
          [late, 'late'] as const,
        ].sort(([one], [other]) => (one < other ? -1 : 1)),
      ),
    );
    using restored = openBlobs(testS3Place(to), noLog);
    await restored.blobs.reinstate([withheld]);
    expect((await contentsOf(to)).get(withheld)).toBe(`at ${withheld}`);
    // Existing data is not overwritten by mistake.
    expect(await target.hasData()).toBe(true);
  });

  it('are moved from another engine with their records', async () => {
    const to = namespaces.add();
    const [key, withheld] = [newMediaKey('image/webp'), newMediaKey('image/webp')];
    const record: MediaRecord = {
      mediaId: '1900000000000000003',
      ownerId: '1900000000000000000',
      kind: 'image',
      state: 'ready',
      main: null,
      width: 1,
      height: 1,
      durationMs: null,
      altText: 'A garden',
      focus: { x: 0, y: 1 },
      thumbhash: null,
      variants: [],
      sourceKey: null,
      keys: [key, withheld],
      storedBytes: 3,
      target: { kind: 'reply', postId: '1900000000000000004', replyId: '1900000000000000005' },
      expiresAt: null,
      createdAt: 1,
      rev: 4,
    };
    const unattached = { ...record, mediaId: '1900000000000000006', target: null, expiresAt: 7, keys: [] };
    const objects = [
      { key, isWithheld: false },
      { key: withheld, isWithheld: true },
    ];
    await using target = await openMoveTarget(testUrls(to), to);
    // As after an interruption.
    for (let i = 0; i < 2; i++) {
      await target.begin();
      await target.write('media', [record, unattached]);
      for (const object of objects) await target.writeObject({ ...object, ...blobOf('moved') });
    }
    await target.finish();
    expect(await contentsOf(to)).toEqual(
      new Map([[key, 'moved'] as const, [withheld, null] as const].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
    await using databases = openDatabases(testUrls(to).mongodb, to);
    const found = await new MongoMediaCatalogue({ collections: databases.collections } as never).list({
      limit: 9,
    });
    expect(found).toEqual([record, unattached]);
  });

  it('require an S3 address before anything changes', async () => {
    const to = namespaces.add();
    const urls = { ...testUrls(to), s3: null };
    await expect(openDistributedRestore(urls, to)).rejects.toThrow('TWITE_S3_URL must be set');
    await expect(openMoveTarget(urls, to)).rejects.toThrow('TWITE_S3_URL must be set');
    await expect(openDistributedBackup(urls, to)).rejects.toThrow('TWITE_S3_URL must be set');
    const nowhere = { ...testUrls(to), s3: testS3Place(to, { url: 'http://key:hunter2@127.0.0.1:9' }) };
    await using target = await openDistributedRestore(nowhere, to);
    await expect(target.hasData()).rejects.toThrow(/^S3 does not answer at 127\.0\.0\.1:9, or refuses us/);
  });
});
