import type { Collection, CountDocumentsOptions } from 'mongodb';
import type { Collections } from './databases.ts';
import type { Counting } from './documents.ts';
import { isTooSlow } from './errors.ts';
import { bounded, eachAtOnce } from './reads.ts';

/** The counts of each kind of document. */
export interface CountNames {
  readonly account: 'followerCount' | 'followingCount' | 'publicPostCount' | 'followersPostCount';
  readonly post: 'likeCount' | 'replyCount';
  readonly reply: 'likeCount';
}
export type CountedKind = keyof CountNames;
type CountName = CountNames[CountedKind];

export const countNames = {
  account: ['followerCount', 'followingCount', 'publicPostCount', 'followersPostCount'],
  post: ['likeCount', 'replyCount'],
  reply: ['likeCount'],
} as const satisfies { [K in CountedKind]: readonly CountNames[K][] };

/**
 * Keeps counts by recounting, never by adding: right however often it runs, and whatever crashed. A count may change only
 * from the `…Rev` that was read before its edges were counted, so the last recount that succeeds counted after the last
 * change of an edge.
 */
export interface Counts {
  /**
   * Recounts what an edge that was written changed. Of those that ask for a count while it is being recounted, all get the
   * one recount after it. A count above 1,000 is only marked for the sweep. A document that is gone is left alone.
   */
  recount<K extends CountedKind>(kind: K, id: string, names: readonly CountNames[K][]): Promise<void>;
  /**
   * The same for many, and never rejects: after a write that is done and whose event has its counts recounted again, by
   * `repairCounts`.
   */
  recountWritten(subjects: Iterable<Subject>): Promise<void>;
  /**
   * Marks counts for the sweep. A mark that is held stays for a minute, or until the next one that is not: see
   * `writeMarked`.
   */
  markDirty<K extends CountedKind>(
    kind: K,
    ids: readonly string[],
    names: readonly CountNames[K][],
    isHeld?: boolean,
  ): Promise<void>;
  /**
   * Recounts all that is marked, whatever its size; how many documents. To be called every second or so, anywhere. What
   * takes too long to count keeps nothing else from being swept, and is the error in the end.
   */
  sweepDirty(): Promise<number>;
}

/** One count of one document. */
export type Subject = {
  [K in CountedKind]: readonly [kind: K, id: string, name: CountNames[K]];
}[CountedKind];

export interface CountsOptions {
  /** Told of each document that was recounted, so that caches forget it. */
  counted(kind: CountedKind, id: string): Promise<void> | void;
  /** Told of recounts after writes that failed. */
  failed?(error: unknown): void;
}

export const inlineMax = 1_000;
// A count that others win this often is left to the sweep.
const attemptsMax = 10;
const sweepPage = 200;
// Longer than a process is away between a mark and its write.
const heldMs = 60_000;
const width = 16;

type CountingDoc = Counting & { _id: string };
type CountEdges = (collections: Collections, id: string, options: CountDocumentsOptions) => Promise<number>;

const edgesOf: { readonly [K in CountedKind]: Readonly<Record<CountNames[K], CountEdges>> } = {
  account: {
    followerCount: ({ follows }, followeeId, options) =>
      follows.countDocuments({ followeeId, counted: true, active: true }, options),
    followingCount: ({ follows }, followerId, options) =>
      follows.countDocuments({ followerId, counted: true, active: true }, options),
    publicPostCount: ({ posts }, authorId, options) =>
      posts.countDocuments({ authorId, deleted: false, visibility: 'public' }, options),
    followersPostCount: ({ posts }, authorId, options) =>
      posts.countDocuments({ authorId, deleted: false, visibility: 'followers' }, options),
  },
  post: {
    likeCount: ({ likes }, subjectId, options) =>
      likes.countDocuments({ subjectId, kind: 'post', counted: true }, options),
    replyCount: ({ replies }, postId, options) =>
      replies.countDocuments({ postId, deleted: false, counted: true }, options),
  },
  reply: {
    likeCount: ({ likes }, subjectId, options) =>
      likes.countDocuments({ subjectId, kind: 'reply', counted: true }, options),
  },
};

export function createCounts(collections: Collections, { counted, failed }: CountsOptions): Counts {
  const documents = {
    account: collections.accounts,
    post: collections.posts,
    reply: collections.replies,
  } as unknown as Record<CountedKind, Collection<CountingDoc>>;

  /** One attempt. `lost`: another recount was first; `large`: there are too many to count at each write. */
  async function attempt(kind: CountedKind, id: string, name: CountName, limit: number | undefined) {
    const revName = `${name}Rev`;
    const document = await documents[kind].findOne<Record<string, number>>(
      { _id: id, deleted: { $ne: true } } as { _id: string },
      { ...bounded, projection: { [name]: 1, [revName]: 1 } },
    );
    if (document === null) return 'gone';
    if (limit !== undefined && (document[name] ?? 0) > limit) return 'large';
    const countEdges = (edgesOf[kind] as Record<string, CountEdges>)[name] as CountEdges;
    const count = await countEdges(
      collections,
      id,
      limit === undefined ? bounded : { ...bounded, limit: limit + 1 },
    );
    if (limit !== undefined && count > limit) return 'large';
    const rev = document[revName] ?? 0;
    const { matchedCount } = await documents[kind].updateOne({ _id: id, [revName]: rev }, {
      $set: { [name]: count, [revName]: rev + 1 },
    } as object);
    return matchedCount === 1 ? 'counted' : 'lost';
  }

  async function recountNow(kind: CountedKind, id: string, name: CountName, limit?: number): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      const result = await attempt(kind, id, name, limit);
      if (result === 'counted') await counted(kind, id);
      if (result === 'counted' || result === 'gone') return;
      if (limit !== undefined && (result === 'large' || attempts === attemptsMax)) {
        return markDirty(kind, [id], [name]);
      }
    }
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

  const coalesced = createCoalescing();
  const recountOne = (kind: CountedKind, id: string, name: CountName) =>
    coalesced(`${kind}:${id}:${name}`, () => recountNow(kind, id, name, inlineMax));

  async function sweepOne(
    kind: CountedKind,
    { _id, dirtyCounts = [], dirtyMarks = 0, dirtyHeldUntil = 0 }: CountingDoc,
  ): Promise<void> {
    for (const name of dirtyCounts) await recountNow(kind, _id, name as CountName);
    if (dirtyHeldUntil > Date.now()) return;
    await documents[kind].updateOne(
      { _id, dirtyMarks },
      { $unset: { dirty: '', dirtyCounts: '', dirtyHeldUntil: '' } },
    );
  }

  async function sweep(kind: CountedKind, tooSlow: unknown[]): Promise<number> {
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
      await eachAtOnce(page, width, (document) =>
        sweepOne(kind, document).catch((error: unknown) => {
          if (!isTooSlow(error)) throw error;
          tooSlow.push(error);
        }),
      );
      swept += page.length;
      if (page.length < sweepPage) return swept;
      after = page[page.length - 1]?._id ?? '';
    }
  }

  return {
    async recount(kind, id, names) {
      await Promise.all(names.map((name) => recountOne(kind, id, name)));
    },
    async recountWritten(subjects) {
      await eachAtOnce(subjects, width, ([kind, id, name]) =>
        recountOne(kind, id, name).catch((error: unknown) => failed?.(error)),
      );
    },
    markDirty,
    async sweepDirty() {
      let swept = 0;
      const tooSlow: unknown[] = [];
      for (const kind of Object.keys(countNames) as CountedKind[]) swept += await sweep(kind, tooSlow);
      if (tooSlow.length > 0) throw tooSlow[0];
      return swept;
    },
  };
}

interface Flight {
  readonly running: Promise<void>;
  trailing?: Promise<void>;
}

/** Runs at most one thing of a name at once; all who ask meanwhile share the one after it, which begins after they asked. */
function createCoalescing(): (name: string, run: () => Promise<void>) => Promise<void> {
  const flights = new Map<string, Flight>();
  const begin = (name: string, run: () => Promise<void>): Promise<void> => {
    const flight: Flight = { running: run() };
    flights.set(name, flight);
    const end = () => {
      if (flight.trailing === undefined) flights.delete(name);
    };
    flight.running.then(end, end);
    return flight.running;
  };
  return (name, run) => {
    const flight = flights.get(name);
    if (flight === undefined) return begin(name, run);
    const next = () => begin(name, run);
    flight.trailing ??= flight.running.then(next, next);
    return flight.trailing;
  };
}
