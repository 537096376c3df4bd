import type { BackupFile, MediaSection } from '@twite/core/backup/backup-ports';
import { isMediaKey, servedMimeType } from '@twite/core/media/media-keys';
import type { MovedObject } from '@twite/core/move/moved-records';
import type { S3Client } from './client.ts';
import { listStored, type StoredObject } from './list-objects.ts';
import { isServed, nameOf, withheldNameOf } from './object-names.ts';
import { openObject } from './open-object.ts';
import { putObject } from './put-object.ts';
import { statObject } from './stat-object.ts';

function archivedAs({ key, isWithheld }: Pick<StoredObject, 'key' | 'isWithheld'>) {
  const section = !isServed(key) ? 'uploads' : isWithheld ? 'withheld' : 'media';
  return { section, name: `${section}/${key.slice(key.indexOf('/') + 1)}` };
}

/** The object that a file of an archive contains; undefined for an invalid name. */
export function objectIn(
  section: MediaSection,
  name: string,
): Pick<MovedObject, 'key' | 'isWithheld'> | undefined {
  if (!name.startsWith(`${section}/`)) return undefined;
  const key = `${section === 'uploads' ? 'uploads' : 'media'}/${name.slice(section.length + 1)}`;
  return isMediaKey(key) ? { key, isWithheld: section === 'withheld' } : undefined;
}

const placeOf = (client: S3Client, { key, isWithheld }: Pick<StoredObject, 'key' | 'isWithheld'>): string =>
  isWithheld ? withheldNameOf(client.place, key) : nameOf(client.place, key);

/** How far the clock of S3 may differ from this machine's: it rejects requests from further away. */
const skewMs = 15 * 60_000;

/**
 * The objects of an instance that may be running, for a backup: first `all` of them, and, once the records were read,
 * the `newer` ones. So every object that existed when the records were read is included, unless it was put and deleted
 * meanwhile.
 */
export function readObjects(client: S3Client): {
  all(): AsyncGenerator<BackupFile>;
  newer(): AsyncGenerator<BackupFile>;
} {
  const since = Date.now() - skewMs;
  const recent = new Set<string>();

  async function* files(isWanted: (object: StoredObject) => boolean): AsyncGenerator<BackupFile> {
    for await (const object of listStored(client)) {
      if (!isWanted(object)) continue;
      // A copy that stays after the object was reinstated.
      if (object.isWithheld && (await statObject(client, nameOf(client.place, object.key)))) continue;
      const open = await openObject(client, placeOf(client, object), undefined);
      // It was deleted or moved since it was listed.
      if (open === undefined) continue;
      if (object.modifiedAt >= since) recent.add(object.key);
      yield { ...archivedAs(object), rows: 1, size: open.bytes, chunks: open.content };
    }
  }
  return {
    all: () => files(() => true),
    newer: () => files(({ key, modifiedAt }) => modifiedAt >= since && !recent.has(key)),
  };
}

/** Stores an object at its original place. */
export const writeObject = (client: S3Client, { key, bytes, isWithheld, open }: MovedObject): Promise<void> =>
  putObject(client, placeOf(client, { key, isWithheld }), {
    bytes,
    mimeType: servedMimeType(key) ?? 'application/octet-stream',
    open,
  });
