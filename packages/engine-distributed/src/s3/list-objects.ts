import type { ListedBlob } from '@twite/core/media/blob-store';
import { isMediaKey } from '@twite/core/media/media-keys';
import type { S3Client } from './client.ts';
import { nameOf, withheldFolder } from './object-names.ts';
import { unlessMissing } from './stat-object.ts';

const pageMax = 1_000;
const folders = ['media/', 'uploads/'];

/** Lists objects of some keys, by name, from above `after`. */
async function listBelow(
  client: S3Client,
  { folder, below, after, limit }: { folder: string; below: string; after: string; limit: number },
): Promise<ListedBlob[]> {
  const { minio, place } = client;
  const base = nameOf(place, below);
  const found: ListedBlob[] = [];
  for (let from = after; found.length < limit; ) {
    const page = await unlessMissing(() =>
      client.ask(
        () =>
          minio.listObjectsV2Query(
            place.bucket,
            `${base}${folder}`,
            '',
            '',
            Math.min(pageMax, limit - found.length),
            from === '' ? '' : `${base}${from}`,
          ),
        client.deadlines.patient,
      ),
    );
    if (page === undefined) break;
    const { objects, isTruncated } = page;
    for (const object of objects) {
      if (object.name === undefined) continue;
      const key = object.name.slice(base.length);
      from = key;
      // Others may have put something there.
      if (isMediaKey(key)) {
        found.push({ key, bytes: object.size, modifiedAt: object.lastModified.getTime() });
      }
    }
    if (!isTruncated || objects.length === 0) break;
  }
  return found;
}

export interface StoredObject extends ListedBlob {
  readonly isWithheld: boolean;
}

/**
 * Every object at its place, page by page. Servable objects come before withheld ones: an object that is withheld or
 * reinstated meanwhile appears at least once.
 */
export async function* listStored(client: S3Client): AsyncGenerator<StoredObject> {
  const places = [
    { folder: 'media/', below: '' },
    { folder: 'media/', below: withheldFolder },
    { folder: 'uploads/', below: '' },
  ];
  for (const place of places) {
    for (let after = ''; ; ) {
      const page = await listBelow(client, { ...place, after, limit: pageMax });
      for (const blob of page) yield { ...blob, isWithheld: place.below !== '' };
      if (page.length < pageMax) break;
      after = page[page.length - 1]?.key ?? '';
    }
  }
}

/** Sorted by key. An object in both places, as after a crash, comes once: as the served one. */
function merged(served: readonly ListedBlob[], withheld: readonly ListedBlob[]): ListedBlob[] {
  const all = new Map(withheld.map((blob) => [blob.key, blob]));
  for (const blob of served) all.set(blob.key, blob);
  return [...all.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** Every object from above a key, including withheld ones, in the order of keys. */
export async function listObjects(
  client: S3Client,
  after: string,
  limit: number,
): Promise<readonly ListedBlob[]> {
  if (limit <= 0) return [];
  const listed: ListedBlob[] = [];
  for (const folder of folders) {
    // Everything in this folder sorts before it.
    if (after >= `${folder}~`) continue;
    const from = { folder, after: after.startsWith(folder) ? after : '', limit: limit - listed.length };
    const [served, withheld] = await Promise.all([
      listBelow(client, { ...from, below: '' }),
      folder === 'media/' ? listBelow(client, { ...from, below: withheldFolder }) : [],
    ]);
    listed.push(...merged(served, withheld).slice(0, limit - listed.length));
    if (listed.length >= limit) break;
  }
  return listed;
}
