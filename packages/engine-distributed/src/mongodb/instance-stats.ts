import type { Stats } from '@twite/contract';
import type { InstanceStats } from '@twite/core/admin/instance-stats';
import type { MongoContext } from './mongo-context.ts';
import { bounded } from './reads.ts';

const sometime = new Date(0);

/**
 * Counts documents by the collections' own counters, minus the tombstones: accurate enough, and quick at any size.
 * MongoDB's counters may be off after a crash, or while a sharded cluster moves documents. Deleted accounts are
 * excluded.
 */
export class MongoInstanceStats implements InstanceStats {
  readonly #context: Pick<MongoContext, 'collections'>;

  constructor(context: Pick<MongoContext, 'collections'>) {
    this.#context = context;
  }

  async count(): Promise<Stats> {
    const { accounts, posts, replies, likes, follows } = this.#context.collections;
    const tombstones = { purgeAt: { $gt: sometime } };
    const [all, deleted, suspendedAccounts, ...others] = await Promise.all([
      accounts.estimatedDocumentCount(bounded),
      accounts.countDocuments({ status: 'deleted' }, bounded),
      accounts.countDocuments({ status: 'suspended' }, bounded),
      posts.estimatedDocumentCount(bounded),
      posts.countDocuments(tombstones, bounded),
      replies.estimatedDocumentCount(bounded),
      replies.countDocuments(tombstones, bounded),
      follows.estimatedDocumentCount(bounded),
      follows.countDocuments(tombstones, bounded),
      likes.estimatedDocumentCount(bounded),
    ]);
    const [allPosts, deletedPosts, allReplies, deletedReplies, allFollows, ended, allLikes] = others;
    return {
      accounts: all - deleted,
      suspendedAccounts,
      posts: allPosts - deletedPosts,
      replies: allReplies - deletedReplies,
      likes: allLikes,
      follows: allFollows - ended,
    };
  }
}
