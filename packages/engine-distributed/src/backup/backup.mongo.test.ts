import fc from 'fast-check';
import {
  type AnyBulkWriteOperation,
  Binary,
  type Collection,
  type Document,
  Double,
  Int32,
  Long,
} from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabases } from '../mongodb/databases.ts';
import { ensureSchema } from '../mongodb/ensure-schema.ts';
import { mongoUrl, openTestMongo, type TestMongo } from '../mongodb/testing/open-mongo.ts';
import { canStartMongo, openMongoAt, startForgetfulMongo } from '../relay/testing/own-mongo.ts';
import { hasServices, testNamespaces, testS3Place, testUrls } from '../testing/open-for-test.ts';
import { exactTypes, keptChange, readChange, type StreamedChange, writeChange, writesOf } from './changes.ts';
import { openDistributedBackup } from './open-backup.ts';
import { openDistributedRestore } from './open-restore.ts';
import { makeCuts } from './read-changes.ts';

const allOf = (collection: Collection<Document>): Promise<Document[]> =>
  collection.find({}, exactTypes).sort({ _id: 1 }).toArray();

describe.runIf(mongoUrl !== '')('changes of a backup', () => {
  let mongo: TestMongo;
  beforeAll(async () => {
    mongo = await openTestMongo();
  });
  afterAll(() => mongo[Symbol.asyncDispose]());

  const ids = fc.constantFrom('a', 'b', 'c', 'd');
  const fields = fc.constantFrom('text', 'count', 'nested.one', 'nested.two');
  const values = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.string(),
    fc.constant(null),
    fc.array(fc.nat(9)),
  );
  const tag = fc.constantFrom('x', 'y', 'z');
  const update = fc.oneof(
    fc.tuple(fields, values).map(([field, value]) => ({ $set: { [field]: value } })),
    fields.map((field) => ({ $unset: { [field]: '' } })),
    tag.map((one) => ({ $addToSet: { tags: one } })),
    tag.map((one) => ({ $pull: { tags: one } })),
    fc.constant({ $unset: { tags: '' } }),
    fc.constant({ $push: { tags: { $each: [], $slice: 1 } } }),
    fc.constant({ $inc: { rev: 1 } }),
    fc.constant([{ $set: { rev: { $add: [{ $ifNull: ['$rev', 0] }, 1] } } }, { $unset: ['text'] }]),
  );
  const write: fc.Arbitrary<AnyBulkWriteOperation<Document>> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .tuple(ids, update)
        .map(([_id, one]) => ({ updateOne: { filter: { _id }, update: one } }) as never),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(ids, values)
        .map(
          ([_id, text]) =>
            ({ replaceOne: { filter: { _id }, replacement: { text }, upsert: true } }) as never,
        ),
    },
    { weight: 1, arbitrary: ids.map((_id) => ({ deleteOne: { filter: { _id } } }) as never) },
  );

  test('applied to documents read at any time, the changes give the final state', async () => {
    const db = mongo.databases.db('posts');
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 25 }), fc.nat(), async (writes, at) => {
        round += 1;
        const source = db.collection<Document>(`source${round}`);
        const target = db.collection<Document>(`target${round}`);
        const stream = source.watch<Document, StreamedChange & Document>([], {
          ...exactTypes,
          maxAwaitTimeMS: 10,
        });
        // Opens the stream.
        await stream.tryNext();
        let dumped: Document[] = [];
        for (const [index, one] of writes.entries()) {
          if (index === at % writes.length) dumped = await allOf(source);
          // Some have no effect or do not fit the document, such as `$set` below a text.
          await source.bulkWrite([one]).catch(() => undefined);
        }
        await source.insertOne({ _id: 'end' as never });
        if (dumped.length > 0) await target.insertMany(dumped);
        for (;;) {
          const change = await stream.next();
          if (change.documentKey?._id === 'end') break;
          const kept = keptChange('posts', change);
          if (kept === undefined) throw new Error(`a change ${change.operationType} is not kept`);
          await target.bulkWrite(writesOf(readChange(writeChange(kept))));
        }
        await stream.close();
        const wanted = (await allOf(source)).filter(({ _id }) => _id !== 'end');
        expect(await allOf(target)).toEqual(wanted);
        await Promise.all([source.drop(), target.drop()]);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['all in one', ['a', 'a', 'a', 'a'], [['edges', 'likes', 'replies', 'posts', 'accounts', 'media']]],
    [
      'each in its own',
      ['a', 'b', 'c', 'd'],
      [['edges'], ['likes'], ['replies'], ['posts'], ['accounts'], ['media']],
    ],
    [
      'posts with replies',
      ['a', 'a', 'b', 'c'],
      [['edges'], ['likes', 'replies', 'posts'], ['accounts'], ['media']],
    ],
    [
      'replies with accounts',
      ['a', 'b', 'c', 'b'],
      [['edges'], ['likes'], ['replies'], ['posts'], ['accounts'], ['media']],
    ],
  ])(
    'cuts are made before those of what is referred to, one for stages in a row: %s',
    async (_what, places, stages) => {
      const [posts = '', replies = '', social = '', identity = ''] = places.map(
        (place) => `${mongoUrl}&appName=${place}`,
      );
      await using databases = openDatabases({ posts, replies, social, identity }, mongo.namespace);
      const cuts = await makeCuts(databases.deployments);
      expect(cuts.map((cut) => cut.stages)).toEqual(stages);
    },
  );
});

describe.runIf(hasServices)('a backup', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase());

  test('keeps all types of values', async () => {
    await using mongo = await openTestMongo();
    const odd = {
      _id: '2000000000000000001',
      int: new Int32(7),
      double: new Double(7),
      long: Long.fromString('9007199254740993'),
      date: new Date(1_000),
      bytes: new Binary(new Uint8Array([0, 255, 10])),
      nothing: null,
      list: [new Double(1), 'two', { three: new Int32(3) }],
      'a.b': 'dotted',
      $dollar: 'signed',
    };
    const posts = mongo.databases.collections.posts as unknown as Collection<Document>;
    await posts.insertOne(odd as Document);
    const namespace = namespaces.add();
    const urls = testUrls(namespace);
    await using source = await openDistributedBackup(testUrls(namespaces.add()), mongo.namespace);
    await using target = await openDistributedRestore(urls, namespace);
    await target.begin(source.schemaVersion);
    for await (const file of source.files()) expect(await target.write(file)).toBe(file.rows);
    await target.finish();
    await using restored = openDatabases(urls.mongodb, namespace);
    const raw = { raw: true };
    const [before] = await posts.find({}, raw).toArray();
    const [after] = await (restored.collections.posts as unknown as Collection<Document>)
      .find({}, raw)
      .toArray();
    expect(Buffer.from(after as unknown as Uint8Array).toString('hex')).toBe(
      Buffer.from(before as unknown as Uint8Array).toString('hex'),
    );
  });
});

describe.runIf(canStartMongo && hasServices)(
  'a MongoDB that forgot changes before the backup came to read them',
  () => {
    test('fails the backup with a hint', async () => {
      await using server = await startForgetfulMongo(100, 4_000);
      await using mongo = openMongoAt(server.url);
      await ensureSchema(mongo.databases);
      const { url } = server;
      const urls = { posts: url, replies: url, social: url, identity: url };
      const source = await openDistributedBackup(
        { mongodb: urls, s3: testS3Place(mongo.namespace) },
        mongo.namespace,
      );
      await using _source = source;
      const files = source.files()[Symbol.asyncIterator]();
      await files.next();
      const posts = mongo.databases.collections.posts as unknown as Collection<Document>;
      for (let index = 0; index < 300; index++) await posts.insertOne({ _id: String(index) as never });
      const rest = async () => {
        for (let next = await files.next(); !next.done; next = await files.next());
      };
      await expect(rest()).rejects.toThrow(
        /^MongoDB no longer has all changes since the backup began: enlarge its oplog/,
      );
    });
  },
);
