import type { Invalidation } from '@twite/core/caching/invalidation';
import type { Collection } from 'mongodb';
import pMap from 'p-map';
import { type Edges, edgesOf, invalidationsOf } from './counted-edges.ts';
import type { Collections } from './databases.ts';
import type { Counting } from './documents.ts';
import { isTooSlow } from './errors.ts';
import { createPostponedCounts } from './postponed-counts.ts';
import { bounded, findInChunks } from './reads.ts';
import { createWrittenRecounts } from './written-recounts.ts';

/** The counts of each kind of document. */
export interface CountNames {
  readonly account: 'followerCount' | 'followingCount' | 'publicPostCount' | 'followersPostCount';
  readonly post: 'likeCount' | 'replyCount';
  readonly reply: 'likeCount';
}
export type CountedKind = keyof CountNames;
export type CountName = CountNames[CountedKind];

export const countNames = {
  account: ['followerCount', 'followingCount', 'publicPostCount', 'followersPostCount'],
  post: ['likeCount', 'replyCount'],
  reply: ['likeCount'],
} as const satisfies { [K in CountedKind]: readonly CountNames[K][] };

/**
 * Keeps counts by recounting, never by adding: correct however often it runs, and whatever crashed. A count may change
 * only from the `…Rev` that was read before its edges were counted, so the last successful recount counted after the
 * last change of an edge.
 */
export interface Counts {
  /**
   * Recounts the subjects, those of a kind together, and invalidates their cached values. A count above 1,000 is only
   * marked for the sweep. A missing document is ignored.
   */
  recount(subjects: Iterable<Subject>): Promise<void>;
  /**
   * Recounts after a completed write, whose own invalidations are reported with those of the counts. Writes that
   * complete during a recount share the next one, which counts alike subjects together. Never rejects: the event of the write has its
   * counts recounted again, by `repairCounts`.
   */
  recountWritten(subjects: Iterable<Subject>, invalidations: readonly Invalidation[]): Promise<void>;
  /**
   * Marks counts for the sweep. A held mark stays for a minute, or until the next mark that is not held: see
   * `writeMarked`.
   */
  markDirty<K extends CountedKind>(
    kind: K,
    ids: readonly string[],
    names: readonly CountNames[K][],
    isHeld?: boolean,
  ): Promise<void>;
  /**
   * Recounts everything that is marked, whatever its size, and returns the number of documents. Call it about every
   * second, in one process. A count that times out does not stop the others; its error is thrown at the end.
   * `mayPostpone`: a slow count is postponed by twenty times its duration, so that an account with millions of
   * followers takes a bounded share of the time.
   */
  sweepDirty(options?: { readonly mayPostpone?: boolean }): Promise<number>;
}

/** One count of one document. */
export type Subject = {
  [K in CountedKind]: readonly [kind: K, id: string, name: CountNames[K]];
}[CountedKind];

export interface CountsOptions {
  /** Called with the cached values to invalidate, once the write is durable. Never rejects. */
  invalidate(invalidations: readonly Invalidation[]): Promise<void>;
  /** Called when a recount after a write fails. */
  failed?(error: unknown): void;
  /** Milliseconds; defaults to the process's own clock. */
  now?(): number;
}

const inlineMax = 1_000;
// A count that loses this many races is left to the sweep.
const attemptsMax = 10;
const sweepPage = 200;
// Longer than a process takes between a mark and its write.
const heldMs = 60_000;
const width = 16;
/** For counts of the sweep, which no request waits for: ten million index entries in memory take some seconds. */
const patient = { maxTimeMS: 25_000 };

type CountingDoc = Counting & { _id: string };

/** The outcome of one attempt for its documents. */
interface Attempt {
  readonly counted: readonly string[];
  /** Another recount won the race. */
  readonly lost: readonly string[];
  /** Too many to count at each write. */
  readonly large: readonly string[];
}

export function createCounts(
  collections: Collections,
  { invalidate, failed, now = () => performance.now() }: CountsOptions,
): Counts {
  const documents = {
    account: collections.accounts,
    post: collections.posts,
    reply: collections.replies,
  } as unknown as Record<CountedKind, Collection<CountingDoc>>;

  async function attempt(
    kind: CountedKind,
    name: CountName,
    ids: readonly string[],
    limit: number,
  ): Promise<Attempt> {
    const revName = `${name}Rev`;
    const found = await findInChunks(ids, (some) =>
      documents[kind]
        .find<{ _id: string } & Record<string, number>>(
          { _id: { $in: some }, deleted: { $ne: true } } as object,
          { ...bounded, projection: { [name]: 1, [revName]: 1 } },
        )
        .toArray(),
    );
    const few = found.filter((document) => (document[name] ?? 0) <= limit);
    const fewIds = few.map(({ _id }) => _id);
    const large = found.filter((document) => !few.includes(document)).map(({ _id }) => _id);
    if (few.length === 0) return { counted: [], lost: [], large };
    const edges = (edgesOf[kind] as Record<string, Edges>)[name] as Edges;
    const counts = await countEdges(edges, fewIds, limit === Number.POSITIVE_INFINITY ? patient : bounded);
    const { matchedCount } = await documents[kind].bulkWrite(
      few.map(({ _id, [revName]: rev = 0 }) => ({
        updateOne: {
          filter: { _id, [revName]: rev } as object,
          update: { $set: { [name]: counts.get(_id) ?? 0, [revName]: rev + 1 } } as object,
        },
      })),
      { ordered: false },
    );
    return matchedCount === few.length
      ? { counted: fewIds, lost: [], large }
      : { counted: [], lost: fewIds, large };
  }

  async function countEdges(
    { collection, of, matching }: Edges,
    ids: readonly string[],
    options: { readonly maxTimeMS: number },
  ): Promise<ReadonlyMap<string, number>> {
    const found = await findInChunks(ids, (some) =>
      (collections[collection] as Pick<Collection, 'aggregate'>)
        .aggregate<{ _id: string; count: number }>(
          [
            { $match: { [of]: { $in: some }, ...matching } },
            { $group: { _id: `$${of}`, count: { $sum: 1 } } },
          ],
          options,
        )
        .toArray(),
    );
    return new Map(found.map(({ _id, count }) => [_id, count]));
  }

  /** Returns the ids that were recounted. */
  async function recountNow(
    kind: CountedKind,
    name: CountName,
    ids: readonly string[],
    limit = Number.POSITIVE_INFINITY,
    attempts = 1,
  ): Promise<readonly string[]> {
    const { counted, lost, large } = await attempt(kind, name, ids, limit);
    const isLeft = limit < Number.POSITIVE_INFINITY && attempts === attemptsMax;
    await markDirty(kind, isLeft ? [...large, ...lost] : large, [name]);
    if (isLeft) return counted;
    const recounted = [...counted];
    // MongoDB does not report which of several were lost: all are recounted, one at a time.
    await pMap(
      lost,
      async (id) => {
        recounted.push(...(await recountNow(kind, name, [id], limit, attempts + 1)));
      },
      { concurrency: width },
    );
    return recounted;
  }

  async function markDirty(
    kind: CountedKind,
    ids: readonly string[],
    names: readonly CountName[],
    isHeld = false,
  ) {
    if (ids.length === 0) return;
    await documents[kind].updateMany(
      { _id: { $in: [...ids] } },
      {
        $addToSet: { dirtyCounts: { $each: [...names] } },
        $inc: { dirtyMarks: 1 },
        $set: { dirty: true, dirtyHeldUntil: isHeld ? Date.now() + heldMs : 0 },
      },
    );
  }

  const postponed = createPostponedCounts(now);

  async function sweepOne(
    kind: CountedKind,
    { _id, dirtyCounts = [], dirtyMarks = 0, dirtyHeldUntil = 0 }: CountingDoc,
  ): Promise<void> {
    const beganMs = now();
    try {
      for (const name of dirtyCounts) {
        await invalidate(invalidationsOf(kind, await recountNow(kind, name as CountName, [_id])));
      }
    } finally {
      postponed.took(_id, now() - beganMs);
    }
    if (dirtyHeldUntil > Date.now()) return;
    await documents[kind].updateOne(
      { _id, dirtyMarks },
      { $unset: { dirty: '', dirtyCounts: '', dirtyHeldUntil: '' } },
    );
  }

  async function sweep(kind: CountedKind, mayPostpone: boolean, tooSlow: unknown[]): Promise<number> {
    let swept = 0;
    for (let after = ''; ; ) {
      const page = await documents[kind]
        .find(
          { dirty: true, _id: { $gt: after } },
          { ...bounded, projection: { dirtyCounts: 1, dirtyMarks: 1, dirtyHeldUntil: 1 } },
        )
        .sort({ _id: 1 })
        .limit(sweepPage)
        .toArray();
      const due = page.filter(({ _id }) => !mayPostpone || postponed.isDue(_id));
      await pMap(
        due,
        (document) =>
          sweepOne(kind, document).catch((error: unknown) => {
            if (!isTooSlow(error)) throw error;
            tooSlow.push(error);
          }),
        { concurrency: width },
      );
      swept += due.length;
      if (page.length < sweepPage) return swept;
      after = page[page.length - 1]?._id ?? '';
    }
  }

  return {
    async recount(subjects) {
      const alike = Map.groupBy(subjects, ([kind, , name]) => `${kind} ${name}`);
      const invalidations = await Promise.all(
        [...alike.values()].map(async (group) => {
          const [kind, , name] = group[0] as Subject;
          const ids = group.map(([, id]) => id);
          return invalidationsOf(kind, await recountNow(kind, name, ids, inlineMax));
        }),
      );
      await invalidate(invalidations.flat());
    },
    recountWritten: createWrittenRecounts({
      recount: (kind, name, ids) => recountNow(kind, name, ids, inlineMax),
      invalidate,
      failed,
    }),
    markDirty,
    async sweepDirty({ mayPostpone = false } = {}) {
      let swept = 0;
      const tooSlow: unknown[] = [];
      for (const kind of Object.keys(countNames) as CountedKind[])
        swept += await sweep(kind, mayPostpone, tooSlow);
      if (tooSlow.length > 0) throw tooSlow[0];
      return swept;
    },
  };
}
