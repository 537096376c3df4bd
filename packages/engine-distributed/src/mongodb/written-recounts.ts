import { createBatching } from '../batching.ts';
import { invalidationsOf } from './counted-edges.ts';
import type { CountedKind, CountName, Counts, CountsOptions, Subject } from './counts.ts';

/** `recountWritten` of `Counts`: recounts subjects of a kind together, one batch at a time. */
export function createWrittenRecounts({
  recount,
  invalidate,
  failed,
}: Pick<CountsOptions, 'invalidate' | 'failed'> & {
  /** Returns the ids that were recounted. */
  readonly recount: (
    kind: CountedKind,
    name: CountName,
    ids: readonly string[],
  ) => Promise<readonly string[]>;
}): Counts['recountWritten'] {
  type Batched = ReturnType<typeof createBatching<true>>;
  const batches = new Map<string, Batched>();
  const batchedFor = (kind: CountedKind, name: CountName): Batched => {
    const key = `${kind} ${name}`;
    const batched =
      batches.get(key) ??
      createBatching<true>(async (ids) => new Map((await recount(kind, name, ids)).map((id) => [id, true])));
    batches.set(key, batched);
    return batched;
  };
  return async (subjects, invalidations) => {
    const alike = Map.groupBy(subjects, ([kind, , name]) => `${kind} ${name}`);
    const recounted = await Promise.all(
      [...alike.values()].map(async (group) => {
        const [kind, , name] = group[0] as Subject;
        const ids = group.map(([, id]) => id);
        try {
          const done = await batchedFor(kind, name)(ids);
          return invalidationsOf(
            kind,
            ids.filter((id) => done.has(id)),
          );
        } catch (error) {
          failed?.(error);
          return [];
        }
      }),
    );
    await invalidate([...invalidations, ...recounted.flat()]);
  };
}
