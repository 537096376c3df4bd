import type { Collection, Document, OptionalUnlessRequiredId } from 'mongodb';
import type { Instance } from '../distributed/instance.ts';
import {
  accountIdOf,
  countOf,
  createdAt,
  edgeIdOf,
  handleOf,
  type Network,
  postIdOf,
  replyIdOf,
  slicesOf,
  textOf,
} from './network.ts';
import { openReaders } from './readers.ts';

// A larger insert can outlast the deadline of a call on a busy machine.
const atOnce = 1_000;
const entities = { mentions: [], hashtags: [], urls: [] };

async function insertAll<D extends Document>(
  collection: Collection<D>,
  documents: readonly OptionalUnlessRequiredId<D>[],
): Promise<void> {
  for (const some of slicesOf(documents, atOnce)) await collection.insertMany([...some], { ordered: false });
}

/** Writes a network into the databases of an instance, and returns the access tokens of its readers. */
export async function fillDistributed(
  { open, raw, ids }: Instance,
  network: Network,
): Promise<ReadonlyMap<number, string>> {
  const { collections } = raw;
  const { posts, follows, likes, replies } = network;
  const followers = countOf(follows.map(([, followee]) => followee));
  const followees = countOf(follows.map(([follower]) => follower));
  const postsBy = countOf(posts.flatMap(({ author, visibility }) => (visibility === 'public' ? author : [])));
  const likesOf = countOf(likes.map(([, post]) => post));
  const repliesTo = countOf(replies.map(([, post]) => post));
  await insertAll(
    collections.accounts,
    Array.from({ length: network.accountCount }, (_, account) => ({
      _id: accountIdOf(account),
      handle: handleOf(account),
      handleKey: handleOf(account).toLowerCase(),
      displayName: handleOf(account),
      bio: '',
      avatar: null,
      banner: null,
      role: 'user' as const,
      status: 'active' as const,
      suspendedAt: null,
      suspensionReason: null,
      createdAt,
      popular: false,
      followerCount: followers.get(account) ?? 0,
      followerCountRev: 0,
      followingCount: followees.get(account) ?? 0,
      followingCountRev: 0,
      publicPostCount: postsBy.get(account) ?? 0,
      publicPostCountRev: 0,
      followersPostCount: 0,
      followersPostCountRev: 0,
      rev: 1,
      updatedAt: createdAt,
    })),
  );
  await insertAll(
    collections.posts,
    posts.map(({ author, visibility }, post) => ({
      _id: postIdOf(post),
      authorId: accountIdOf(author),
      text: textOf(post),
      entities,
      media: [],
      visibility,
      createdAt,
      likeCount: likesOf.get(post) ?? 0,
      likeCountRev: 0,
      replyCount: repliesTo.get(post) ?? 0,
      replyCountRev: 0,
      deleted: false,
      rev: 1,
    })),
  );
  await insertAll(
    collections.follows,
    follows.map(([from, to], number) => ({
      _id: `${accountIdOf(from)}:${accountIdOf(to)}`,
      followId: edgeIdOf(number),
      followerId: accountIdOf(from),
      followeeId: accountIdOf(to),
      active: true,
      counted: true,
      rev: 1,
    })),
  );
  for (const table of ['blocks', 'mutes'] as const)
    await insertAll(
      collections[table],
      network[table].map(([from, to], number) => ({
        _id: `${accountIdOf(from)}:${accountIdOf(to)}`,
        edgeId: edgeIdOf(number),
        accountId: accountIdOf(from),
        targetId: accountIdOf(to),
      })),
    );
  await insertAll(
    collections.likes,
    likes.map(([account, post], number) => ({
      _id: `${accountIdOf(account)}:post:${postIdOf(post)}`,
      likeId: edgeIdOf(number),
      accountId: accountIdOf(account),
      kind: 'post' as const,
      subjectId: postIdOf(post),
      counted: true,
    })),
  );
  await insertAll(
    collections.replies,
    replies.map(([account, post], number) => ({
      _id: replyIdOf(number),
      postId: postIdOf(post),
      parentReplyId: null,
      authorId: accountIdOf(account),
      text: textOf(post),
      entities,
      media: [],
      createdAt,
      counted: true,
      likeCount: 0,
      likeCountRev: 0,
      deleted: false,
      rev: 1,
    })),
  );
  return await openReaders({ engine: open.engine, ids }, network);
}
