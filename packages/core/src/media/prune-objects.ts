import type { Engine } from '../engine.ts';

export interface PrunedObjects {
  /** Objects without a record. */
  readonly objects: number;
  readonly bytes: number;
}

const listSize = 1_000;
/** A younger object may belong to an upload in progress, or to a backup that is being restored. */
const ageMsMin = 24 * 60 * 60_000;

/**
 * Deletes objects without a record, such as those that a restored backup does not include. With `dryRun`, only counts
 * them.
 */
export async function pruneObjects(
  deps: Pick<Engine, 'media' | 'blobs'>,
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
