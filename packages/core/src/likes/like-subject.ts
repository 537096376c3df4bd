import { ContractError, type LikeState } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { type ViewPostsDeps, viewPosts } from '../posts/view-posts.ts';
import { viewReplies } from '../replies/view-replies.ts';
import type { LikeKind } from './like-store.ts';

export type LikeDeps = ViewPostsDeps & Pick<Deps, 'ids'>;

type View = (
  deps: LikeDeps,
  viewerId: string,
  subjectIds: readonly string[],
) => Promise<readonly (LikeState | undefined)[]>;

const views: Record<LikeKind, View> = { post: viewPosts, reply: viewReplies };

async function viewSubject(
  deps: LikeDeps,
  viewerId: string,
  kind: LikeKind,
  subjectId: string,
): Promise<LikeState | undefined> {
  const [subject] = await views[kind](deps, viewerId, [subjectId]);
  return subject && { liked: subject.liked, likeCount: subject.likeCount };
}

/** Posts and replies share one id space, so either is easily mistaken for the other. */
async function notFound(
  deps: LikeDeps,
  viewerId: string,
  kind: LikeKind,
  subjectId: string,
): Promise<ContractError> {
  const code = `${kind}_not_found` as const;
  const otherKind = kind === 'post' ? 'reply' : 'post';
  // The error names only what the viewer may see.
  if (!(await viewSubject(deps, viewerId, otherKind, subjectId))) return new ContractError(code);
  const path = otherKind === 'post' ? 'posts' : 'replies';
  return new ContractError(code, {
    detail: `This is the id of a ${otherKind}, not of a ${kind}. Use /v1/${path}/${subjectId}/like instead.`,
  });
}

async function requireSubject(
  deps: LikeDeps,
  viewerId: string,
  kind: LikeKind,
  subjectId: string,
): Promise<LikeState> {
  const subject = await viewSubject(deps, viewerId, kind, subjectId);
  if (!subject) throw await notFound(deps, viewerId, kind, subjectId);
  return subject;
}

/** Likes a post or reply that the viewer may see. Idempotent. Throws `post_not_found`, `reply_not_found`. */
export async function like(
  deps: LikeDeps,
  viewerId: string,
  kind: LikeKind,
  subjectId: string,
): Promise<LikeState> {
  await requireSubject(deps, viewerId, kind, subjectId);
  await deps.likes.add({ likeId: deps.ids.next(), accountId: viewerId, kind, subjectId });
  return requireSubject(deps, viewerId, kind, subjectId);
}

/**
 * Removes a like, whether or not the viewer may still see its subject; if not, the answer's like count is 0. Throws
 * `post_not_found`, `reply_not_found` when the viewer neither likes the subject nor may see it.
 */
export async function unlike(
  deps: LikeDeps,
  viewerId: string,
  kind: LikeKind,
  subjectId: string,
): Promise<LikeState> {
  const removed = await deps.likes.remove(viewerId, kind, subjectId);
  const subject = await viewSubject(deps, viewerId, kind, subjectId);
  if (subject) return subject;
  if (!removed) throw await notFound(deps, viewerId, kind, subjectId);
  return { liked: false, likeCount: 0 };
}
