import type { EventOf } from '@twite/core/events/domain-event';
import type { LikeKind } from '@twite/core/likes/like-store';
import {
  agreeWithStatuses,
  type CountedEdge,
  setFollowsCounted,
  setLikesCounted,
  setRepliesCounted,
} from './counted.ts';
import { type CountedKind, type CountNames, countNames, type Subject } from './counts.ts';
import type { OwnEventTypeFor } from './event-origins.ts';
import type { MongoContext } from './mongo-context.ts';
import { postCountOf } from './post-store.ts';
import { bounded, findInChunks } from './reads.ts';

/** An event, and whether it comes from a walk over all data instead of from a change. */
export interface RepairableEvent {
  readonly event: EventOf<OwnEventTypeFor<'counts'>>;
  readonly snapshot: boolean;
}

interface Affected {
  readonly subjects: Map<string, Subject>;
  readonly posts: Set<string>;
  readonly follows: Set<string>;
  readonly likes: Set<string>;
  readonly replies: Set<string>;
}

/**
 * Completes durable writes whose follow-up work was cut short by a crash: it makes the counted flags agree with the
 * accounts' statuses, and the counts with the counted flags. Looks at each document of a batch once. Rejects when the
 * database is unavailable: retry then. Idempotent, and correct in any order.
 */
export async function repairCounts(
  context: Pick<MongoContext, 'collections' | 'counts' | 'statusesOf' | 'invalidate'>,
  events: readonly RepairableEvent[],
): Promise<void> {
  const affected: Affected = {
    subjects: new Map(),
    posts: new Set(),
    follows: new Set(),
    likes: new Set(),
    replies: new Set(),
  };
  for (const { event, snapshot } of events) gather(affected, event, snapshot);
  await Promise.all([
    agreeFollows(context, affected),
    agreeLikes(context, affected),
    agreeReplies(context, affected),
    addPostCounts(context, affected),
  ]);
  await context.counts.recount(affected.subjects.values());
}

function add<K extends CountedKind>(
  { subjects }: Affected,
  kind: K,
  id: string,
  ...names: readonly CountNames[K][]
): void {
  for (const name of names) subjects.set(`${kind}:${id}:${name}`, [kind, id, name] as unknown as Subject);
}

function gather(affected: Affected, event: RepairableEvent['event'], snapshot: boolean): void {
  switch (event.type) {
    case 'accountUpdated':
      // The job `settleAccount` handles changes of status.
      if (snapshot) add(affected, 'account', event.accountId, ...countNames.account);
      return;
    case 'postCreated':
    case 'postDeleted':
      affected.posts.add(event.postId);
      if (snapshot) add(affected, 'post', event.postId, ...countNames.post);
      return;
    case 'replyCreated':
      affected.replies.add(event.replyId);
      add(affected, 'post', event.postId, 'replyCount');
      if (snapshot) add(affected, 'reply', event.replyId, ...countNames.reply);
      return;
    case 'replyDeleted':
      add(affected, 'post', event.postId, 'replyCount');
      return;
    case 'postLiked':
    case 'postUnliked':
      affected.likes.add(`${event.accountId}:post:${event.postId}`);
      add(affected, 'post', event.postId, 'likeCount');
      return;
    case 'replyLiked':
    case 'replyUnliked':
      affected.likes.add(`${event.accountId}:reply:${event.replyId}`);
      add(affected, 'reply', event.replyId, 'likeCount');
      return;
    case 'accountFollowed':
    case 'accountUnfollowed':
      affected.follows.add(`${event.followerId}:${event.followeeId}`);
      add(affected, 'account', event.followerId, 'followingCount');
      add(affected, 'account', event.followeeId, 'followerCount');
      return;
    default:
      event satisfies never;
  }
}

type RepairContext = Pick<MongoContext, 'collections' | 'statusesOf' | 'invalidate'>;

/** Adds only one of the author's two counts: the visibility of a post does not change. */
async function addPostCounts({ collections }: RepairContext, affected: Affected): Promise<void> {
  const found = await findInChunks(affected.posts, (some) =>
    collections.posts
      .find({ _id: { $in: some } }, { ...bounded, projection: { authorId: 1, visibility: 1 } })
      .toArray(),
  );
  for (const { authorId, visibility } of found) add(affected, 'account', authorId, postCountOf(visibility));
}

async function agreeFollows(
  { collections, statusesOf, invalidate }: RepairContext,
  { follows }: Affected,
): Promise<void> {
  const found = await findInChunks(follows, (some) =>
    collections.follows
      .find(
        { _id: { $in: some }, active: true },
        { ...bounded, projection: { followerId: 1, followeeId: 1, counted: 1 } },
      )
      .toArray(),
  );
  const edges = found.map(
    ({ _id, followerId, followeeId, counted }): CountedEdge => ({
      id: _id,
      accountIds: [followerId, followeeId],
      counted,
    }),
  );
  const setCounted = setFollowsCounted(collections);
  await agreeWithStatuses(statusesOf, edges, async (ids, counted) => {
    await setCounted(ids, counted);
    await invalidate(ids.map((id) => ['followees', id.slice(0, id.indexOf(':'))]));
  });
}

async function agreeReplies(
  { collections, statusesOf }: RepairContext,
  { replies }: Affected,
): Promise<void> {
  const found = await findInChunks(replies, (some) =>
    collections.replies
      .find({ _id: { $in: some }, deleted: false }, { ...bounded, projection: { authorId: 1, counted: 1 } })
      .toArray(),
  );
  const edges = found.map(
    ({ _id, authorId, counted }): CountedEdge => ({ id: _id, accountIds: [authorId], counted }),
  );
  await agreeWithStatuses(statusesOf, edges, setRepliesCounted(collections));
}

/** Erases likes of subjects deleted meanwhile: the liking process crashed before seeing it. */
async function agreeLikes({ collections, statusesOf }: RepairContext, { likes }: Affected): Promise<void> {
  const found = await findInChunks(likes, (some) =>
    collections.likes
      .find(
        { _id: { $in: some } },
        { ...bounded, projection: { accountId: 1, kind: 1, subjectId: 1, counted: 1 } },
      )
      .toArray(),
  );
  const subjectsOf = (kind: LikeKind) =>
    found.filter((like) => like.kind === kind).map(({ subjectId }) => subjectId);
  const [posts, replies] = await Promise.all([
    findInChunks(subjectsOf('post'), (some) =>
      collections.posts
        .find({ _id: { $in: some }, deleted: false }, { ...bounded, projection: { _id: 1 } })
        .toArray(),
    ),
    findInChunks(subjectsOf('reply'), (some) =>
      collections.replies
        .find({ _id: { $in: some }, deleted: false }, { ...bounded, projection: { _id: 1 } })
        .toArray(),
    ),
  ]);
  const there = {
    post: new Set(posts.map(({ _id }) => _id)),
    reply: new Set(replies.map(({ _id }) => _id)),
  };
  const orphans = found.filter(({ kind, subjectId }) => !there[kind].has(subjectId));
  if (orphans.length > 0) await collections.likes.deleteMany({ _id: { $in: orphans.map(({ _id }) => _id) } });
  const edges = found.map(
    ({ _id, accountId, counted }): CountedEdge => ({ id: _id, accountIds: [accountId], counted }),
  );
  await agreeWithStatuses(statusesOf, edges, setLikesCounted(collections));
}
