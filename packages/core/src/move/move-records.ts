import { type MovedKind, type MoveSource, type MoveTarget, movedKinds } from './moved-records.ts';

/** Records of a kind, or the objects of media. */
export type MovedThing = MovedKind | 'objects';

/** How many of each were moved. */
export type MovedCounts = Readonly<Record<MovedThing, number>>;

/** Moves every record. When it fails, the target stays marked as incomplete, and can be begun again. */
export async function moveRecords(
  source: Pick<MoveSource, 'read' | 'readObjects'>,
  target: Pick<MoveTarget, 'begin' | 'write' | 'writeObject' | 'finish'>,
  onProgress: (kind: MovedThing, soFar: number) => void,
): Promise<MovedCounts> {
  const things: readonly MovedThing[] = [...movedKinds, 'objects'];
  const counts = Object.fromEntries(things.map((thing) => [thing, 0])) as Record<MovedThing, number>;
  await target.begin();
  for (const kind of movedKinds) {
    for (const records of source.read(kind)) {
      await target.write(kind, records);
      counts[kind] += records.length;
      onProgress(kind, counts[kind]);
    }
  }
  // After the records: an interruption leaves no object that no record has.
  for await (const object of source.readObjects()) {
    await target.writeObject(object);
    counts.objects += 1;
    onProgress('objects', counts.objects);
  }
  await target.finish();
  return counts;
}
