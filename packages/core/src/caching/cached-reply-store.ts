import type { ReplyStore } from '../replies/reply-store.ts';
import { cachedPort } from './cached-port.ts';
import type { Caches } from './caches.ts';
import { tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

export function cachedReplyStore(
  source: ReplyStore,
  caches: Pick<Caches, 'replies'>,
  bus: InvalidationBus,
): ReplyStore {
  const { replies } = caches;
  const readMany = (replyIds: readonly string[]) => source.findMany(replyIds);
  return cachedPort(source, bus, {
    reads: { findMany: (replyIds) => replies.findMany(replyIds, readMany) },
    writes: {
      insert: ({ replyId, postId }) => [
        ['replies', replyId],
        ['posts', postId],
      ],
      setMedia: (replyId) => [['replies', replyId]],
      delete: (replyId) => {
        const postId = replies.peek(replyId)?.postId;
        return [
          ['replies', replyId],
          ['replyLikes', tag(replyId)],
          ...(postId === undefined ? [] : [['posts', postId] as const]),
        ];
      },
      // No cached value says whether a reply counts: `settleAuthor` changes counts, which are invalidated when recounted.
      purgeByPost: (postId) => [
        ['replies', tag(postId)],
        ['posts', postId],
      ],
    },
  });
}
