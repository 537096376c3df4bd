import type { LikeKind, LikeStore } from '../likes/like-store.ts';
import { cachedPort } from './cached-port.ts';
import type { Caches, LikeMarks } from './caches.ts';
import { type Invalidation, tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

/**
 * The maximum number of cached marks of one account, some six pages. Beyond it, its marks start over. They take 10 kB,
 * as much as 128 followed accounts.
 */
const MARKS_MAX = 128;

const emptySet: ReadonlySet<string> = new Set<string>();

const marksOf = (kind: LikeKind) => (kind === 'post' ? 'postLikes' : 'replyLikes');
const subjectsOf = (kind: LikeKind) => (kind === 'post' ? 'posts' : 'replies');

const changed = (accountId: string, kind: LikeKind, subjectId: string): Invalidation[] => [
  [marksOf(kind), accountId],
  [subjectsOf(kind), subjectId],
];

export function cachedLikeStore(
  source: LikeStore,
  caches: Pick<Caches, 'postLikes' | 'replyLikes'>,
  bus: InvalidationBus,
): LikeStore {
  /** Reads the marks of all subjects and adds them to the cached ones, as far as there is room. */
  const readLikedAmong: LikeStore['likedAmong'] = async (accountId, kind, subjectIds) => {
    const cache = caches[marksOf(kind)];
    const ticket = cache.begin(accountId);
    let marks: LikeMarks | undefined;
    try {
      const liked = await source.likedAmong(accountId, kind, subjectIds);
      if (!ticket.isVoid && subjectIds.length <= MARKS_MAX) {
        const cached = cache.peek(accountId);
        marks = cached && cached.size + subjectIds.length <= MARKS_MAX ? cached : new Map<string, boolean>();
        for (const subjectId of subjectIds) marks.set(subjectId, liked.has(subjectId));
      }
      return liked;
    } finally {
      cache.end(accountId, ticket, marks);
    }
  };

  return cachedPort(source, bus, {
    reads: {
      async likedAmong(accountId, kind, subjectIds) {
        const cache = kind === 'post' ? caches.postLikes : caches.replyLikes;
        const marks = cache.get(accountId);
        let liked: Set<string> | undefined;
        for (const subjectId of subjectIds) {
          const mark = marks?.get(subjectId);
          if (mark === undefined) {
            if (marks) cache.fellShort();
            return readLikedAmong(accountId, kind, subjectIds);
          }
          if (mark) {
            liked ??= new Set();
            liked.add(subjectId);
          }
        }
        return liked ?? emptySet;
      },
    },
    // No cached value says whether a like counts: `settleAccount` changes counts, which are invalidated when recounted.
    writes: {
      add: ({ accountId, kind, subjectId }) => changed(accountId, kind, subjectId),
      remove: changed,
      purgeByAccount: (accountId) => [
        ['postLikes', accountId],
        ['replyLikes', accountId],
      ],
      purgeBySubject: (kind, subjectId) => [
        [marksOf(kind), tag(subjectId)],
        [subjectsOf(kind), subjectId],
      ],
    },
  });
}
