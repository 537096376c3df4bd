import type { Reply } from '@twite/contract';
import { presentAccountSummary } from '../accounts/present-account.ts';
import { isoTime } from '../clock.ts';
import { presentMedia } from '../media/present-media.ts';
import type { ViewPostsDeps } from '../posts/view-posts.ts';
import { canView } from '../visibility/can-view.ts';
import { canSeeAuthor, loadSight } from '../visibility/sight.ts';
import type { ReplyRecord } from './reply-store.ts';

type Replies = ReadonlyMap<string, ReplyRecord>;

/** The parents of the given replies, as far as they still exist. */
async function findParents(deps: Pick<ViewPostsDeps, 'replies'>, found: Replies): Promise<Replies> {
  const parentIds = new Set([...found.values()].flatMap(({ parentReplyId }) => parentReplyId ?? []));
  const missing = [...parentIds].filter((replyId) => !found.has(replyId));
  return missing.length === 0 ? found : new Map([...found, ...(await deps.replies.findMany(missing))]);
}

/**
 * The replies in the order of their ids; undefined where the viewer may not see the reply's author or its post. A reply
 * names its parent only to viewers who may see the parent.
 */
export async function viewReplies(
  deps: ViewPostsDeps,
  viewerId: string | undefined,
  replyIds: readonly string[],
): Promise<(Reply | undefined)[]> {
  const found = await deps.replies.findMany(replyIds);
  const records = [...found.values()];
  const [posts, parents] = await Promise.all([
    deps.posts.findMany([...new Set(records.map((reply) => reply.postId))]),
    findParents(deps, found),
  ]);
  const authorIds = new Set([...parents.values(), ...posts.values()].map((record) => record.authorId));
  const sight = await loadSight(deps, viewerId, [...authorIds]);
  const liked = viewerId === undefined ? undefined : await deps.likes.likedAmong(viewerId, 'reply', replyIds);
  const parentOf = (reply: ReplyRecord): Pick<Reply, 'parentReplyId'> => {
    const parent = reply.parentReplyId === null ? undefined : parents.get(reply.parentReplyId);
    // The two are under the same post.
    return parent && canSeeAuthor(sight, parent.authorId) ? { parentReplyId: parent.replyId } : {};
  };
  const view = (reply: ReplyRecord | undefined): Reply | undefined => {
    const post = reply && posts.get(reply.postId);
    const author = reply && sight.authors.get(reply.authorId);
    if (!post || !author || !canView(sight, post) || !canSeeAuthor(sight, reply.authorId)) return undefined;
    return {
      replyId: reply.replyId,
      postId: reply.postId,
      ...parentOf(reply),
      author: presentAccountSummary(deps, author),
      text: reply.text,
      entities: reply.entities,
      media: reply.media.map((media) => presentMedia(deps.mediaUrl, media)),
      createdAt: isoTime(reply.createdAt),
      likeCount: reply.likeCount,
      liked: liked?.has(reply.replyId) ?? false,
    };
  };
  return replyIds.map((replyId) => view(found.get(replyId)));
}
