import { type MovedKind, type MoveSource, type MoveTarget, movedKinds } from './moved-records.ts';

/** Records of one kind, or media objects. */
export type MovedThing = MovedKind | 'objects';

/** The number of moved records of each kind. */
export type MovedCounts = Readonly<Record<MovedThing, number>>;

/** Moves every record. If it fails, the target stays marked as incomplete, and the move can be started again. */
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
  // After the records, so that an interruption leaves no object without a record.
  for await (const object of source.readObjects()) {
    await target.writeObject(object);
    counts.objects += 1;
    onProgress('objects', counts.objects);
  }
  await target.finish();
  return counts;
}
