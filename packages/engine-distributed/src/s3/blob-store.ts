import type {
  BlobStore,
  ByteRange,
  ListedBlob,
  NewBlob,
  OpenBlob,
  StoredBlob,
} from '@twite/core/media/blob-store';
import pMap from 'p-map';
import { hit } from '../failpoints.ts';
import { chunksOf } from '../mongodb/reads.ts';
import type { S3Client } from './client.ts';
import { ObjectsAway } from './errors.ts';
import { listObjects } from './list-objects.ts';
import { isServed, nameOf, requireKeys, withheldNameOf } from './object-names.ts';
import { openObject } from './open-object.ts';
import { putObject } from './put-object.ts';
import { statObject, unlessMissing } from './stat-object.ts';

/** S3 deletes a thousand names at once, and a key may have two. */
const deletedAtOnce = 500;
const movedAtOnce = 8;

/**
 * Objects in one bucket. Withheld objects are under `withheld/…`, which is not public, instead of `media/…`.
 *
 * S3 has no move, and two processes may withhold and reinstate at the same time. Therefore a copy under `withheld/…`
 * stays until the object itself is deleted, so that deleting the served object never deletes the last one. A crash
 * between copy and deletion leaves both, and the next run continues.
 */
export class S3BlobStore implements BlobStore {
  readonly #client: S3Client;
  readonly #ensure: () => Promise<void>;

  /** `ensure` creates the bucket if it is missing. */
  constructor(client: S3Client, ensure: () => Promise<void>) {
    this.#client = client;
    this.#ensure = ensure;
  }

  async put(key: string, blob: NewBlob): Promise<void> {
    requireKeys([key]);
    await this.#ensure();
    await putObject(this.#client, nameOf(this.#client.place, key), blob);
    hit('blobs.afterPut');
  }

  async get(key: string, range?: ByteRange): Promise<OpenBlob | undefined> {
    requireKeys([key]);
    return openObject(this.#client, nameOf(this.#client.place, key), range);
  }

  async stat(key: string): Promise<StoredBlob | undefined> {
    requireKeys([key]);
    const { place } = this.#client;
    const served = await statObject(this.#client, nameOf(place, key));
    if (served !== undefined) return { ...served, isWithheld: false };
    const withheld = isServed(key) ? await statObject(this.#client, withheldNameOf(place, key)) : undefined;
    return withheld && { ...withheld, isWithheld: true };
  }

  async delete(keys: readonly string[]): Promise<void> {
    requireKeys(keys);
    const { minio, place } = this.#client;
    for (const some of chunksOf(keys, deletedAtOnce)) {
      const names = some.flatMap((key) =>
        isServed(key) ? [nameOf(place, key), withheldNameOf(place, key)] : [nameOf(place, key)],
      );
      const failures = await this.#client.ask(
        () => minio.removeObjects(place.bucket, names),
        this.#client.deadlines.patient,
      );
      const failure = failures.find((each) => each !== null && each !== undefined);
      if (failure) throw new ObjectsAway(`S3 did not delete all objects: ${JSON.stringify(failure)}`);
      hit('blobs.afterDelete');
    }
  }

  async withhold(keys: readonly string[]): Promise<void> {
    requireKeys(keys);
    const { place } = this.#client;
    await pMap(
      keys.filter(isServed),
      async (key) => {
        if (!(await this.#copy(nameOf(place, key), withheldNameOf(place, key)))) return;
        hit('blobs.afterCopy');
        await this.#client.ask(() => this.#client.minio.removeObject(place.bucket, nameOf(place, key)));
        hit('blobs.afterMove');
      },
      { concurrency: movedAtOnce },
    );
  }

  async reinstate(keys: readonly string[]): Promise<void> {
    requireKeys(keys);
    const { place } = this.#client;
    await pMap(
      keys.filter(isServed),
      async (key) => {
        if ((await statObject(this.#client, nameOf(place, key))) !== undefined) return;
        await this.#copy(withheldNameOf(place, key), nameOf(place, key));
        hit('blobs.afterMove');
      },
      { concurrency: movedAtOnce },
    );
  }

  list({
    after = '',
    limit,
  }: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<readonly ListedBlob[]> {
    return listObjects(this.#client, after, limit);
  }

  /** Copies an object with its type and caching headers. Returns whether there was something to copy. */
  async #copy(from: string, to: string): Promise<boolean> {
    const { minio, place } = this.#client;
    const copied = await unlessMissing(() =>
      this.#client.ask(
        () => minio.copyObject(place.bucket, to, `/${place.bucket}/${from}`),
        this.#client.deadlines.patient,
      ),
    );
    return copied !== undefined;
  }
}
