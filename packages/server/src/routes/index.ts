import type { Contract, OperationId } from '@twite/contract';
import type { RouterHandlers } from 'ts-rest-koa';
import type { RequestState } from '../http/request-state.ts';
import { blockAccount } from './block-account.ts';
import { changePassword } from './change-password.ts';
import { createAccount } from './create-account.ts';
import { createPasswordReset } from './create-password-reset.ts';
import { createPost } from './create-post.ts';
import { createReply } from './create-reply.ts';
import { createSession } from './create-session.ts';
import { createToken } from './create-token.ts';
import { deleteMe } from './delete-me.ts';
import { deleteMedia } from './delete-media.ts';
import { deletePost } from './delete-post.ts';
import { deleteReply } from './delete-reply.ts';
import { deleteSession } from './delete-session.ts';
import { deleteToken } from './delete-token.ts';
import { dropParkedMessages } from './drop-parked-messages.ts';
import { followAccount } from './follow-account.ts';
import { getAccount } from './get-account.ts';
import { getAccountByHandle } from './get-account-by-handle.ts';
import { getHomeTimeline } from './get-home-timeline.ts';
import { getInstance } from './get-instance.ts';
import { getMe } from './get-me.ts';
import { getMedia } from './get-media.ts';
import { getPost } from './get-post.ts';
import { getPublicTimeline } from './get-public-timeline.ts';
import { getReply } from './get-reply.ts';
import { getStats } from './get-stats.ts';
import { getStatus } from './get-status.ts';
import { likePost } from './like-post.ts';
import { likeReply } from './like-reply.ts';
import { listAccountPosts } from './list-account-posts.ts';
import { listAllAccounts } from './list-all-accounts.ts';
import { listAuditLog } from './list-audit-log.ts';
import { listBlocks } from './list-blocks.ts';
import { listFollowers } from './list-followers.ts';
import { listFollowing } from './list-following.ts';
import { listLikedPosts } from './list-liked-posts.ts';
import { listMutes } from './list-mutes.ts';
import { listMyLikes } from './list-my-likes.ts';
import { listParkedMessages } from './list-parked-messages.ts';
import { listPostLikes } from './list-post-likes.ts';
import { listQueues } from './list-queues.ts';
import { listRecommendedAccounts } from './list-recommended-accounts.ts';
import { listRelationships } from './list-relationships.ts';
import { listReplies } from './list-replies.ts';
import { listSessions } from './list-sessions.ts';
import { listTokens } from './list-tokens.ts';
import { muteAccount } from './mute-account.ts';
import { refreshSession } from './refresh-session.ts';
import { reinstateAccount } from './reinstate-account.ts';
import { removePost } from './remove-post.ts';
import { removeReply } from './remove-reply.ts';
import { replayParkedMessages } from './replay-parked-messages.ts';
import { resetPassword } from './reset-password.ts';
import type { Route, RouteContext } from './route.ts';
import { searchAccounts } from './search-accounts.ts';
import { searchPosts } from './search-posts.ts';
import { setRole } from './set-role.ts';
import { suspendAccount } from './suspend-account.ts';
import { unblockAccount } from './unblock-account.ts';
import { unfollowAccount } from './unfollow-account.ts';
import { unlikePost } from './unlike-post.ts';
import { unlikeReply } from './unlike-reply.ts';
import { unmuteAccount } from './unmute-account.ts';
import { updateMe } from './update-me.ts';
import { updateMedia } from './update-media.ts';
import { uploadMedia } from './upload-media.ts';

/** The route of every operation: omitting one does not compile. */
const routes = {
  createAccount,
  getAccount,
  getAccountByHandle,
  getMe,
  updateMe,
  deleteMe,
  changePassword,
  listRecommendedAccounts,
  createSession,
  refreshSession,
  resetPassword,
  listSessions,
  deleteSession,
  createToken,
  listTokens,
  deleteToken,
  createPost,
  getPost,
  getPublicTimeline,
  deletePost,
  listAccountPosts,
  createReply,
  listReplies,
  getReply,
  deleteReply,
  likePost,
  unlikePost,
  likeReply,
  unlikeReply,
  listPostLikes,
  listLikedPosts,
  uploadMedia,
  getMedia,
  updateMedia,
  deleteMedia,
  followAccount,
  unfollowAccount,
  listFollowers,
  listFollowing,
  listRelationships,
  blockAccount,
  unblockAccount,
  muteAccount,
  unmuteAccount,
  listBlocks,
  listMutes,
  listMyLikes,
  getHomeTimeline,
  searchPosts,
  searchAccounts,
  getInstance,
  getStats,
  listAllAccounts,
  suspendAccount,
  reinstateAccount,
  setRole,
  createPasswordReset,
  removePost,
  removeReply,
  listAuditLog,
  getStatus,
  listQueues,
  listParkedMessages,
  replayParkedMessages,
  dropParkedMessages,
} satisfies { [Id in OperationId]: Route<Id> };

/** A handler for every operation. */
export function makeHandlers(context: RouteContext): RouterHandlers<Contract, RequestState> {
  const handlers = Object.entries(routes).map(([id, route]) => [id, route(context)]);
  // Each belongs to its own operation, as the table says.
  return Object.fromEntries(handlers) as RouterHandlers<Contract, RequestState>;
}
