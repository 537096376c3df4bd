import { ContractError, type Media } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { type ViewPostsDeps, viewPosts } from '../posts/view-posts.ts';
import { viewReplies } from '../replies/view-replies.ts';
import type { MediaRecord } from './media-record.ts';
import { presentMedia, snapshotOf } from './present-media.ts';

type GetMediaDeps = ViewPostsDeps & Pick<Deps, 'media'>;

const holds = (media: readonly { readonly mediaId: string }[] | undefined, mediaId: string): boolean =>
  media?.some((each) => each.mediaId === mediaId) ?? false;

/** Owners see their own media. Everyone else sees media that are attached to something that they may see. */
async function canViewMedia(
  deps: GetMediaDeps,
  viewerId: string | undefined,
  { mediaId, ownerId, target }: MediaRecord,
): Promise<boolean> {
  if (ownerId === viewerId) return true;
  if (target === null) return false;
  if (target.kind === 'post') {
    const [post] = await viewPosts(deps, viewerId, [target.postId]);
    return holds(post?.media, mediaId);
  }
  if (target.kind === 'reply') {
    const [reply] = await viewReplies(deps, viewerId, [target.replyId]);
    return holds(reply?.media, mediaId);
  }
  const account = (await deps.accounts.findMany([target.accountId])).get(target.accountId);
  return account?.status === 'active' && account[target.kind]?.mediaId === mediaId;
}

/** Throws `media_not_found`, also for media that the viewer may not see. */
export async function getMedia(
  deps: GetMediaDeps,
  viewerId: string | undefined,
  mediaId: string,
): Promise<Media> {
  const record = (await deps.media.findMany([mediaId])).get(mediaId);
  const snapshot = record && snapshotOf(record);
  if (!snapshot || !(await canViewMedia(deps, viewerId, record))) throw new ContractError('media_not_found');
  return presentMedia(deps.mediaUrl, snapshot);
}
