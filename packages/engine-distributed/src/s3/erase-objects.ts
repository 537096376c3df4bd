import type { S3Client } from './client.ts';
import { isNoBucket } from './errors.ts';
import { nameOf, withheldFolder } from './object-names.ts';

const folders = ['media/', 'uploads/', `${withheldFolder}media/`];

/** Erases every object of an instance, and leaves everything else in the bucket. */
export async function eraseObjects(client: S3Client): Promise<void> {
  const { minio, place } = client;
  try {
    for (const folder of folders) {
      for (;;) {
        const { objects } = await client.ask(
          () => minio.listObjectsV2Query(place.bucket, nameOf(place, folder), '', '', 1_000, ''),
          client.deadlines.patient,
        );
        const names = objects.flatMap(({ name }) => (name === undefined ? [] : [name]));
        if (names.length === 0) break;
        await client.ask(() => minio.removeObjects(place.bucket, names), client.deadlines.patient);
      }
    }
  } catch (error) {
    if (!isNoBucket((error as Error).cause)) throw error;
  }
}
