import type { LikeState } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { type ViewPostsDeps, viewPost } from '../posts/view-posts.ts';
import { viewReply } from '../replies/view-replies.ts';
import type { LikeKind } from './like-store.ts';

type LikeDeps = ViewPostsDeps & Pick<Deps, 'ids'>;

const viewSubject: Record<
  LikeKind,
  (deps: LikeDeps, viewerId: string, subjectId: string) => Promise<LikeState>
> = {
  post: viewPost,
  reply: viewReply,
};

/** Likes a post or reply that the viewer may see, or takes the like back; twice is as good as once. Answers what then is. */
export async function setLike(
  deps: LikeDeps,
  viewerId: string,
  kind: LikeKind,
  subjectId: string,
  liked: boolean,
): Promise<LikeState> {
  await viewSubject[kind](deps, viewerId, subjectId);
  if (liked) await deps.likes.add({ likeId: deps.ids.next(), accountId: viewerId, kind, subjectId });
  else await deps.likes.remove(viewerId, kind, subjectId);
  const state = await viewSubject[kind](deps, viewerId, subjectId);
  return { liked: state.liked, likeCount: state.likeCount };
}
