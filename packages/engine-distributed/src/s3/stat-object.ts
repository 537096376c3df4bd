import type { BlobInfo } from '@twite/core/media/blob-store';
import type { S3Client } from './client.ts';
import { isMissing, isNoBucket } from './errors.ts';

/** Returns the result; undefined when the object does not exist. Without a bucket no object exists. */
export async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const { cause } = error as Error;
    if (isMissing(cause) || isNoBucket(cause)) return undefined;
    throw error;
  }
}

export const statObject = (client: S3Client, name: string): Promise<BlobInfo | undefined> =>
  unlessMissing(async () => {
    const { minio, place } = client;
    const { size, lastModified } = await client.ask(() => minio.statObject(place.bucket, name));
    return { bytes: size, modifiedAt: lastModified.getTime() };
  });
