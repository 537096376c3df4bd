import type { MovedKind, MovedRecords, MoveTarget } from '@twite/core/move/moved-records';
import { fillDatabases } from '../backup/fill-databases.ts';
import { fillObjects, openObjectsOf } from '../backup/fill-objects.ts';
import { explaining, openAnswering } from '../backup/open-databases.ts';
import type { ServiceUrls } from '../connections.ts';
import { schemaVersion } from '../mongodb/schema-version.ts';
import { writings } from './documents-of.ts';

/**
 * Writes another engine's instance into the databases of a namespace. An interrupted move leaves a mark that prevents
 * servers from starting; the next move starts over.
 * @throws EngineOpenError when a deployment does not answer, or S3 has no address.
 */
export async function openMoveTarget(urls: ServiceUrls, namespace: string): Promise<MoveTarget> {
  await using opening = new AsyncDisposableStack();
  const objects = opening.use(fillObjects(openObjectsOf(urls.s3), () => {}));
  const databases = opening.use(await openAnswering(urls.mongodb, namespace));
  const fill = fillDatabases({ databases, urls, namespace, filling: 'move', objects });
  const resources = opening.move();
  return {
    hasData: () => explaining(urls, () => fill.hasData()),
    begin: () => explaining(urls, () => fill.begin(schemaVersion)),
    write: <K extends MovedKind>(kind: K, records: readonly MovedRecords[K][]) =>
      explaining(urls, async () => {
        const { collection, toDocument } = writings[kind];
        const now = Date.now();
        await fill.insert(
          collection,
          records.map((record) => toDocument(record, now)),
        );
      }),
    writeObject: (object) => objects.put(object),
    finish: () => explaining(urls, () => fill.finish()),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
