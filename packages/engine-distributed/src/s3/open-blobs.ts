import { type EngineObserver, observeNothing } from '@twite/core/measures/engine-observer';
import type { BlobStore } from '@twite/core/media/blob-store';
import { createDependency, type Dependency } from '../dependency.ts';
import type { Log } from '../log.ts';
import { S3BlobStore } from './blob-store.ts';
import { openS3, type S3Place, s3Deadlines } from './client.ts';
import { ensureBucket } from './ensure-bucket.ts';
import { isObjectsAway } from './errors.ts';

/** The blob store with its circuit breaker. */
export interface GuardedBlobs extends Disposable {
  readonly blobs: BlobStore;
  readonly dependency: Dependency;
}

/** Opens without waiting for S3. The bucket is created in the background, or before the first object is put. */
export function openBlobs(
  place: S3Place,
  log: Log,
  deadlines = s3Deadlines,
  observe: EngineObserver = observeNothing,
): GuardedBlobs {
  const client = openS3(place, deadlines);
  const told = new Set<string>();
  // A failed creation is retried again and again.
  const logOnce: Log = (entry) => {
    if (told.has(entry.msg)) return;
    told.add(entry.msg);
    log(entry);
  };
  let ensured: Promise<void> | undefined;
  const ensure = (): Promise<void> => {
    ensured ??= ensureBucket(client, logOnce).catch((error: unknown) => {
      ensured = undefined;
      throw error;
    });
    return ensured;
  };
  const dependency = createDependency({
    name: 'objects',
    degrades:
      'Uploads answer 503, and media are not served but from caches; posting text works. Objects are deleted once it is back.',
    deadlineMs: deadlines.answer,
    keepsDeadline: true,
    isUnavailable: isObjectsAway,
    async ping() {
      const exists = await client.ask(() => client.minio.bucketExists(place.bucket));
      // It was erased, or could not be created before.
      if (!exists) ensured = undefined;
      await ensure();
    },
    log,
    observe,
    span: (operation) => ({
      name: `S3 ${operation}`,
      kind: 'client',
      attributes: {
        'rpc.system.name': 'aws-api',
        'rpc.method': `S3/${operation}`,
        'aws.s3.bucket': place.bucket,
      },
    }),
  });
  return {
    blobs: dependency.guard(new S3BlobStore(client, ensure)),
    dependency,
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}
