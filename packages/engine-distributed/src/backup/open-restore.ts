import { Readable } from 'node:stream';
import { isMediaSection, type RestoreTarget } from '@twite/core/backup/backup-ports';
import { BSON, type Collection, type Document } from 'mongodb';
import type { ServiceUrls } from '../connections.ts';
import { EngineOpenError } from '../engine-open-error.ts';
import { chunksOf } from '../mongodb/reads.ts';
import { schemaVersion } from '../mongodb/schema-version.ts';
import { objectIn } from '../s3/archived-objects.ts';
import { type BackedUpName, backedUp, backedUpNames, changesSection, sectionOf } from './backed-up.ts';
import { exactTypes, readChange, writesOf } from './changes.ts';
import { fillDatabases } from './fill-databases.ts';
import { fillObjects, openObjectsOf } from './fill-objects.ts';
import { explaining, openAnswering } from './open-databases.ts';
import { unpackDocuments } from './packing.ts';

const writesAtOnce = 500;
const nameOfSection = new Map(backedUpNames.map((name) => [sectionOf(name), name]));

/**
 * Restores into the databases of a namespace, and erases the data that other stores derived from their previous
 * content. An interrupted restore leaves a mark that prevents servers from starting; the next restore starts over.
 * @throws EngineOpenError when a deployment does not answer, or S3 has no address.
 */
export async function openDistributedRestore(urls: ServiceUrls, namespace: string): Promise<RestoreTarget> {
  await using opening = new AsyncDisposableStack();
  const objects = opening.use(fillObjects(openObjectsOf(urls.s3), () => {}));
  const databases = opening.use(await openAnswering(urls.mongodb, namespace));
  const fill = fillDatabases({ databases, urls, namespace, filling: 'restore', objects });

  async function insertAll(name: BackedUpName, documents: readonly Uint8Array[]): Promise<void> {
    // Decoded documents take many times the memory, so decode a few at a time.
    for (const some of chunksOf(documents, writesAtOnce)) {
      await fill.insert(
        name,
        some.map((bytes) => BSON.deserialize(bytes, exactTypes)),
      );
    }
  }

  async function applyChanges(documents: readonly Uint8Array[]): Promise<void> {
    for (const some of chunksOf(documents, writesAtOnce)) {
      const changes = some.map(readChange);
      // Changes of one document must keep their order; changes of different collections need not.
      for (const [name, ours] of Map.groupBy(changes, ({ collection }) => collection)) {
        if (!Object.hasOwn(backedUp, name)) throw unknownPart(`changes of ${name}`);
        for (const change of ours) {
          if (change.op === 'put') fill.sawId(name, change.document);
          if (change.op === 'update') fill.sawId(name, change.set);
        }
        const collection = databases.collections[name] as unknown as Collection<Document>;
        await collection.bulkWrite(ours.flatMap(writesOf), { ordered: true });
      }
    }
  }

  const resources = opening.move();
  return {
    schemaVersion,
    hasData: () => explaining(urls, () => fill.hasData()),
    begin: (version) => explaining(urls, () => fill.begin(version)),
    write: ({ section, name: file, size, chunks }) =>
      explaining(urls, async () => {
        if (isMediaSection(section)) {
          const object = objectIn(section, file);
          if (object === undefined) throw unknownPart(file);
          await objects.put({ ...object, bytes: size, open: () => Readable.from(chunks) });
          return 1;
        }
        const name: BackedUpName | undefined = nameOfSection.get(section);
        if (name === undefined && section !== changesSection) throw unknownPart(file);
        const documents = await unpackDocuments(file, chunks);
        if (name === undefined) await applyChanges(documents);
        else await insertAll(name, documents);
        return documents.length;
      }),
    finish: () => explaining(urls, () => fill.finish()),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

const unknownPart = (what: string) =>
  new EngineOpenError(`the archive holds ${what}, which this Twite cannot restore: upgrade Twite`);
