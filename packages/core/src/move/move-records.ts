import { type MovedKind, type MoveSource, type MoveTarget, movedKinds } from './moved-records.ts';

/** How many records of each kind were moved. */
export type MovedCounts = Readonly<Record<MovedKind, number>>;

/** Moves every record. When it fails, the target stays marked as incomplete, and can be begun again. */
export async function moveRecords(
  source: Pick<MoveSource, 'read'>,
  target: Pick<MoveTarget, 'begin' | 'write' | 'finish'>,
  onProgress: (kind: MovedKind, soFar: number) => void,
): Promise<MovedCounts> {
  const counts = Object.fromEntries(movedKinds.map((kind) => [kind, 0])) as Record<MovedKind, number>;
  await target.begin();
  for (const kind of movedKinds) {
    for (const records of source.read(kind)) {
      await target.write(kind, records);
      counts[kind] += records.length;
      onProgress(kind, counts[kind]);
    }
  }
  await target.finish();
  return counts;
}
