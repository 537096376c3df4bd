import type { WriteProcedure } from './write-context.ts';
import * as accountStore from './writes/account-store.ts';
import { appendAuditEntry } from './writes/audit-log.ts';
import * as blockList from './writes/block-list.ts';
import * as eventStream from './writes/event-stream.ts';
import * as followGraph from './writes/follow-graph.ts';
import * as idempotencyStore from './writes/idempotency-store.ts';
import * as jobQueue from './writes/job-queue.ts';
import * as likeStore from './writes/like-store.ts';
import * as mediaCatalogue from './writes/media-catalogue.ts';
import * as muteList from './writes/mute-list.ts';
import * as passwordResetStore from './writes/password-reset-store.ts';
import * as postStore from './writes/post-store.ts';
import * as replyStore from './writes/reply-store.ts';
import * as searchIndex from './writes/search-index.ts';
import * as sessionStore from './writes/session-store.ts';
import * as tokenStore from './writes/token-store.ts';
import * as workQueues from './writes/work-queues.ts';

/** Every operation of the writer: the only code that changes the database. */
export const writes = {
  insertAccount: accountStore.insertAccount,
  setPasswordHash: accountStore.setPasswordHash,
  updateAccount: accountStore.updateAccount,
  replacePicture: accountStore.replacePicture,
  setRole: accountStore.setRole,
  setSuspension: accountStore.setSuspension,
  markAccountDeleted: accountStore.markAccountDeleted,
  markAccountPopular: accountStore.markAccountPopular,
  insertSession: sessionStore.insertSession,
  rotateSession: sessionStore.rotateSession,
  deleteSession: sessionStore.deleteSession,
  deleteSessionsByAccount: sessionStore.deleteSessionsByAccount,
  deleteExpiredSessions: sessionStore.deleteExpiredSessions,
  insertToken: tokenStore.insertToken,
  deleteToken: tokenStore.deleteToken,
  deleteTokensByAccount: tokenStore.deleteTokensByAccount,
  deleteExpiredTokens: tokenStore.deleteExpiredTokens,
  putPasswordReset: passwordResetStore.putPasswordReset,
  takePasswordReset: passwordResetStore.takePasswordReset,
  deletePasswordResetByAccount: passwordResetStore.deletePasswordResetByAccount,
  deleteExpiredPasswordResets: passwordResetStore.deleteExpiredPasswordResets,
  insertPost: postStore.insertPost,
  deletePost: postStore.deletePost,
  setPostMedia: postStore.setPostMedia,
  insertReply: replyStore.insertReply,
  setReplyMedia: replyStore.setReplyMedia,
  deleteReply: replyStore.deleteReply,
  settleRepliesByAuthor: replyStore.settleRepliesByAuthor,
  purgeRepliesByPost: replyStore.purgeRepliesByPost,
  addLike: likeStore.addLike,
  removeLike: likeStore.removeLike,
  settleLikesByAccount: likeStore.settleLikesByAccount,
  purgeLikesByAccount: likeStore.purgeLikesByAccount,
  purgeLikesBySubject: likeStore.purgeLikesBySubject,
  insertFollow: followGraph.insertFollow,
  deleteFollow: followGraph.deleteFollow,
  settleFollowsByAccount: followGraph.settleFollowsByAccount,
  purgeFollowsByAccount: followGraph.purgeFollowsByAccount,
  addBlock: blockList.addBlock,
  removeBlock: blockList.removeBlock,
  purgeBlocksByAccount: blockList.purgeBlocksByAccount,
  addMute: muteList.addMute,
  removeMute: muteList.removeMute,
  purgeMutesByAccount: muteList.purgeMutesByAccount,
  reserveMedia: mediaCatalogue.reserveMedia,
  addMediaKeys: mediaCatalogue.addMediaKeys,
  publishMedia: mediaCatalogue.publishMedia,
  attachMedia: mediaCatalogue.attachMedia,
  keepMedia: mediaCatalogue.keepMedia,
  updateMedia: mediaCatalogue.updateMedia,
  removeMedia: mediaCatalogue.removeMedia,
  eraseMedia: mediaCatalogue.eraseMedia,
  claimKey: idempotencyStore.claimKey,
  completeKey: idempotencyStore.completeKey,
  releaseKey: idempotencyStore.releaseKey,
  deleteExpiredKeys: idempotencyStore.deleteExpiredKeys,
  appendAuditEntry,
  saveCursor: eventStream.saveCursor,
  parkEvent: eventStream.parkEvent,
  enqueueJobs: jobQueue.enqueueJobs,
  finishJob: jobQueue.finishJob,
  countJobAttempt: jobQueue.countJobAttempt,
  postponeJob: jobQueue.postponeJob,
  parkJob: jobQueue.parkJob,
  replayParkedEvents: workQueues.replayParkedEvents,
  dropParkedEvents: workQueues.dropParkedEvents,
  replayParkedJobs: workQueues.replayParkedJobs,
  dropParkedJobs: workQueues.dropParkedJobs,
  indexPosts: searchIndex.indexPosts,
  removePosts: searchIndex.removePosts,
  indexAccounts: searchIndex.indexAccounts,
  removeAccounts: searchIndex.removeAccounts,
  /** Changes nothing: answered while the writer works. */
  ping: () => undefined,
} satisfies Record<string, WriteProcedure>;

export type WriteName = keyof typeof writes;
export type WriteArgs<N extends WriteName> =
  Parameters<(typeof writes)[N]> extends [unknown, infer A] ? A : undefined;
export type WriteResult<N extends WriteName> = ReturnType<(typeof writes)[N]>;

/** A call of a procedure that is sent to the writer. */
export interface WriteOperation {
  readonly name: WriteName;
  readonly args: unknown;
  /** The traceparent of the caller, if spans are recorded. */
  readonly trace?: string | undefined;
}
