import type { Difference } from '../admin/derived-data.ts';
import type { Engine } from '../engine.ts';
import type { MediaRecord } from './media-record.ts';

type VerifyDeps = Pick<Engine, 'media' | 'blobs'>;

const pageSize = 100;
const atOnce = 16;

export interface MissingObject {
  readonly mediaId: string;
  readonly key: string;
}

/** The objects that a record refers to; none while it is not published. */
function objectsOf({ mediaId, state, main, variants, sourceKey }: MediaRecord): MissingObject[] {
  if (state !== 'ready' && state !== 'processing') return [];
  const keys = new Set([...variants.map(({ key }) => key), main?.key, sourceKey]);
  return [...keys].flatMap((key) => (key ? [{ mediaId, key }] : []));
}

/**
 * Every object that a published record refers to and that the blob store does not have. Reads one page at a time, and
 * returns how many objects it looked for.
 */
export async function* findMissingObjects(deps: VerifyDeps): AsyncGenerator<MissingObject, number> {
  let compared = 0;
  let after: string | undefined;
  for (;;) {
    const records = await deps.media.list({ after, limit: pageSize });
    const wanted = records.flatMap(objectsOf);
    compared += wanted.length;
    for (let start = 0; start < wanted.length; start += atOnce) {
      const some = wanted.slice(start, start + atOnce);
      const infos = await Promise.all(some.map(({ key }) => deps.blobs.stat(key)));
      yield* some.filter((_, index) => infos[index] === undefined);
    }
    if (records.length < pageSize) return compared;
    after = records[records.length - 1]?.mediaId;
  }
}

const examplesMax = 5;

/** How the objects stand to the records. What is missing is looked at again: it may have been deleted a moment ago. */
export async function compareMedia(deps: VerifyDeps): Promise<Difference> {
  const examples: string[] = [];
  let differences = 0;
  const missing = findMissingObjects(deps);
  for (;;) {
    const next = await missing.next();
    if (next.done) return { what: 'media: objects', compared: next.value, differences, examples };
    const { mediaId, key } = next.value;
    const record = (await deps.media.findMany([mediaId])).get(mediaId);
    const isWanted = record !== undefined && objectsOf(record).some((object) => object.key === key);
    if (!isWanted || (await deps.blobs.stat(key))) continue;
    differences += 1;
    if (examples.length < examplesMax) examples.push(mediaId);
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
