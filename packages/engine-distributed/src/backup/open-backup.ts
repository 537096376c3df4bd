import { randomUUID } from 'node:crypto';
import type { BackupFile, BackupSource } from '@twite/core/backup/backup-ports';
import { BSON, type Collection, type Document, MongoError } from 'mongodb';
import type { ServiceUrls } from '../connections.ts';
import { EngineOpenError } from '../engine-open-error.ts';
import { type Databases, databaseNames } from '../mongodb/databases.ts';
import { readVersion } from '../mongodb/ensure-schema.ts';
import { refuseIncomplete } from '../mongodb/incomplete.ts';
import { bounded } from '../mongodb/reads.ts';
import { schemaVersion } from '../mongodb/schema-version.ts';
import { operationTimeOf } from '../relay/change-stream.ts';
import { readObjects } from '../s3/archived-objects.ts';
import type { S3Client } from '../s3/client.ts';
import { type BackedUpName, backedUpNames, changesSection, sectionOf } from './backed-up.ts';
import { explained, explainingObjects, openObjectsOf } from './fill-objects.ts';
import { explaining, openAnswering } from './open-databases.ts';
import { packDocuments } from './packing.ts';
import { makeCuts, readChanges } from './read-changes.ts';

const batchSize = 500;

/**
 * Yields every document of a collection, in the order of ids. Each batch is a separate read, so a walk may take as long
 * as it likes.
 */
async function* rawDocuments(collection: Collection<Document>): AsyncGenerator<readonly Uint8Array[]> {
  for (let after: unknown = ''; ; ) {
    const batch = (await collection
      .find({ _id: { $gt: after } } as Document, { ...bounded, raw: true })
      .sort({ _id: 1 })
      .limit(batchSize)
      .toArray()) as unknown as Uint8Array[];
    const last = batch.at(-1);
    if (last === undefined) return;
    yield batch;
    if (batch.length < batchSize) return;
    after = BSON.deserialize(last)._id;
  }
}

/**
 * Reads every collection, and then the changes made in each deployment meanwhile, up to a cut: the backup shows the
 * state at the cut. The instance may be running. See ADR 0027. Objects are read before and after the cut.
 * @throws EngineOpenError when a deployment does not answer, is only partly restored, or holds data written by a newer
 * Twite.
 */
export async function openDistributedBackup(
  urls: Pick<ServiceUrls, 'mongodb' | 's3'>,
  namespace: string,
): Promise<BackupSource> {
  await using opening = new AsyncDisposableStack();
  const s3 = opening.use(openObjectsOf(urls.s3));
  const databases = opening.use(await openAnswering(urls.mongodb, namespace));
  const version = await explaining(urls, () => commonVersion(databases));
  await requireBucket(s3, databases);
  const resources = opening.move();
  return {
    schemaVersion: version,
    async *files(): AsyncGenerator<BackupFile> {
      try {
        const objects = readObjects(s3);
        yield* objects.all();
        yield* filesOf(databases);
        yield* objects.newer();
      } catch (error) {
        if (!(error instanceof MongoError)) throw explained(s3.place, error);
        throw new EngineOpenError(`MongoDB failed during the backup: ${error.message}. Take another one.`, {
          cause: error,
        });
      }
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** An instance with media has a bucket. Without the bucket, the backup would contain no media. */
async function requireBucket(s3: S3Client, { collections }: Databases): Promise<void> {
  const { bucket } = s3.place;
  if (await explainingObjects(s3, () => s3.ask(() => s3.minio.bucketExists(bucket)))) return;
  const published = { state: { $nin: ['uploading', 'removed'] } };
  if ((await collections.media.findOne(published as object, { projection: { _id: 1 } })) === null) return;
  throw new EngineOpenError(
    `the instance has media, and the bucket ${bucket} is missing: correct TWITE_S3_BUCKET or TWITE_S3_URL`,
  );
}

async function* filesOf(databases: Databases): AsyncGenerator<BackupFile> {
  const { deployments } = databases;
  const begun = await Promise.all(deployments.map(operationTimeOf));
  // A majority write: once it is done, majority reads see everything written up to the times above.
  await Promise.all(
    deployments.map(({ barriers }) =>
      barriers.insertOne({ _id: `backup-${randomUUID()}`, createdAt: new Date() }),
    ),
  );
  for (const name of backedUpNames) {
    const collection = databases.collections[name satisfies BackedUpName] as unknown as Collection<Document>;
    yield* packDocuments(sectionOf(name), rawDocuments(collection));
  }
  const cuts = await makeCuts(deployments);
  async function* changes() {
    for (const [index, from] of begun.entries()) {
      const deployment = deployments[index];
      if (deployment !== undefined) yield* readChanges(databases, deployment, from, cuts);
    }
  }
  yield* packDocuments(changesSection, changes());
}

/** The version of the data, which is the same in all four databases unless a migration is in progress. */
async function commonVersion(databases: Databases): Promise<number> {
  await refuseIncomplete(databases);
  const versions = await Promise.all(databaseNames.map((name) => readVersion(databases.db(name))));
  const [version = 0] = versions;
  if (version === 0) {
    throw new EngineOpenError(
      `there is no Twite instance in ${databases.nameOf('identity')}: start a server once, or correct TWITE_MONGODB_URL and TWITE_NAMESPACE`,
    );
  }
  if (versions.some((other) => other !== version)) {
    throw new EngineOpenError(
      'the databases have different versions: start a server, which completes the upgrade',
    );
  }
  if (version > schemaVersion) {
    throw new EngineOpenError(
      `the data is of version ${version}, written by a newer Twite; this one knows versions up to ${schemaVersion}. Upgrade Twite.`,
    );
  }
  return version;
}
