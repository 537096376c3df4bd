import type { CountedKind, CountNames, Counts } from './counts.ts';

/** Counts that a write changes. */
export type Mark = {
  [K in CountedKind]: readonly [kind: K, ids: readonly string[], names: readonly CountNames[K][]];
}[CountedKind];

/**
 * Writes many edges without events, and has the affected counts swept: marked before, in case of a crash in between,
 * and after, in case of a sweep in between. The first mark is held across sweeps, which covers both at once.
 */
export async function writeMarked(
  counts: Pick<Counts, 'markDirty'>,
  marks: readonly Mark[],
  write: () => Promise<unknown>,
): Promise<void> {
  const mark = async (isHeld: boolean) => {
    for (const [kind, ids, names] of marks) await counts.markDirty(kind, [...new Set(ids)], names, isHeld);
  };
  await mark(true);
  await write();
  await mark(false);
}
