import type { MovedObject } from '@twite/core/move/moved-records';
import { placeOf } from '../connections.ts';
import { EngineOpenError } from '../engine-open-error.ts';
import type { Log } from '../log.ts';
import { writeObject } from '../s3/archived-objects.ts';
import { openS3, type S3Client, type S3Place } from '../s3/client.ts';
import { ensureBucket } from '../s3/ensure-bucket.ts';
import { eraseObjects } from '../s3/erase-objects.ts';
import { isFull, ObjectsAway } from '../s3/errors.ts';
import { listObjects } from '../s3/list-objects.ts';

/** Fills the bucket of an instance from another source, while no process of the instance runs. */
export interface FillObjects extends Disposable {
  hasObjects(): Promise<boolean>;
  /** Creates the bucket if it is missing, and erases all objects of the instance. */
  begin(): Promise<void>;
  put(object: MovedObject): Promise<void>;
}

/** Runs the function and turns errors of S3 into an `EngineOpenError` with a one-line message for the operator. */
export async function explainingObjects<T>(
  { place }: Pick<S3Client, 'place'>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw explained(place, error);
  }
}

export function explained(place: S3Place, error: unknown): unknown {
  const where = placeOf(place.url);
  if (isFull((error as Error | undefined)?.cause)) {
    return new EngineOpenError(`S3 at ${where} has no space left: make room, and begin again.`, {
      cause: error,
    });
  }
  if (!(error instanceof ObjectsAway)) return error;
  return new EngineOpenError(
    `S3 does not answer at ${where}, or refuses us (TWITE_S3_URL): ${error.message.replace(/\.$/, '')}. Start it, or correct TWITE_S3_URL and TWITE_S3_BUCKET.`,
    { cause: error },
  );
}

const requirePlace = (place: S3Place | null): S3Place => {
  if (place !== null) return place;
  throw new EngineOpenError('TWITE_S3_URL must be set: it holds the media of the instance');
};

/** @throws EngineOpenError if S3 has no address */
export const openObjectsOf = (place: S3Place | null): S3Client => openS3(requirePlace(place));

export function fillObjects(client: S3Client, log: Log): FillObjects {
  const explaining = <T>(run: () => Promise<T>) => explainingObjects(client, run);
  return {
    hasObjects: () => explaining(async () => (await listObjects(client, '', 1)).length > 0),
    begin: () =>
      explaining(async () => {
        await ensureBucket(client, log);
        await eraseObjects(client);
      }),
    put: (object) => explaining(() => writeObject(client, object)),
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}
