import type { Engine } from '../engine.ts';

type VerifyDeps = Pick<Engine, 'media' | 'blobs'>;

const pageSize = 100;
const atOnce = 16;

export interface MissingObject {
  readonly mediaId: string;
  readonly key: string;
}

/** Every object that a published record refers to and that the blob store does not have. Reads one page at a time. */
export async function* findMissingObjects(deps: VerifyDeps): AsyncGenerator<MissingObject> {
  let after: string | undefined;
  for (;;) {
    const records = await deps.media.list({ after, limit: pageSize });
    const wanted = records
      .filter(({ state }) => state === 'ready' || state === 'processing')
      .flatMap(({ mediaId, main, variants, sourceKey }) => {
        const keys = new Set([...variants.map(({ key }) => key), main?.key, sourceKey]);
        return [...keys].flatMap((key) => (key ? [{ mediaId, key }] : []));
      });
    for (let start = 0; start < wanted.length; start += atOnce) {
      const some = wanted.slice(start, start + atOnce);
      const infos = await Promise.all(some.map(({ key }) => deps.blobs.stat(key)));
      yield* some.filter((_, index) => infos[index] === undefined);
    }
    if (records.length < pageSize) return;
    after = records[records.length - 1]?.mediaId;
  }
}

export interface PrunedObjects {
  /** Objects that no record has. */
  readonly objects: number;
  readonly bytes: number;
}

const listSize = 1_000;
/** What is younger may belong to an upload of this moment, or to a backup that is being restored. */
const ageMsMin = 24 * 60 * 60_000;

/** Deletes objects that no record has, such as those that a restored backup does not know; with `dryRun` only counts them. */
export async function pruneObjects(
  deps: VerifyDeps,
  { now, dryRun }: { readonly now: number; readonly dryRun: boolean },
): Promise<PrunedObjects> {
  let objects = 0;
  let bytes = 0;
  let after: string | undefined;
  for (;;) {
    const page = await deps.blobs.list({ after, limit: listSize });
    const old = page.filter(({ modifiedAt }) => modifiedAt <= now - ageMsMin);
    const known = await deps.media.keysAmong(old.map(({ key }) => key));
    const orphans = old.filter(({ key }) => !known.has(key));
    objects += orphans.length;
    bytes += orphans.reduce((sum, orphan) => sum + orphan.bytes, 0);
    if (!dryRun) await deps.blobs.delete(orphans.map(({ key }) => key));
    if (page.length < listSize) return { objects, bytes };
    after = page[page.length - 1]?.key;
  }
}
