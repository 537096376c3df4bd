// Generated from @twite/contract by packages/sdk/scripts/generate.ts: do not edit, run `npm run generate`.

import type { CallOptions, NoInput } from '../operation.ts';
import type { PageRequest } from '../page.ts';
import type { TwiteCall } from '../response.ts';
import type { UploadOptions, UploadSource } from '../upload/upload-options.ts';
import type {
  Account,
  AccountChanges,
  AccountDeletion,
  AdminAccount,
  AuditEntry,
  BlockAccountInput,
  CreatePasswordResetInput,
  CreateReplyInput,
  CreatedToken,
  Credentials,
  DeleteMediaInput,
  DeletePostInput,
  DeleteReplyInput,
  DeleteSessionInput,
  DeleteTokenInput,
  DropParkedMessagesInput,
  FollowAccountInput,
  GetAccountByHandleInput,
  GetAccountInput,
  GetHomeTimelineInput,
  GetMediaInput,
  GetPostInput,
  GetPublicTimelineInput,
  GetReplyInput,
  Instance,
  LikePostInput,
  LikeReplyInput,
  LikeState,
  LikedItem,
  ListAccountPostsInput,
  ListAllAccountsInput,
  ListAuditLogInput,
  ListBlocksInput,
  ListFollowersInput,
  ListFollowingInput,
  ListLikedPostsInput,
  ListMutesInput,
  ListMyLikesInput,
  ListParkedMessagesInput,
  ListPostLikesInput,
  ListRecommendedAccountsInput,
  ListRelationshipsInput,
  ListRepliesInput,
  ListSessionsInput,
  ListTokensInput,
  Me,
  Media,
  MessageCount,
  MuteAccountInput,
  NewAccount,
  NewPost,
  NewToken,
  ParkedMessage,
  PasswordChange,
  PasswordReset,
  PasswordResetUse,
  Post,
  PostWithReplies,
  QueueList,
  RecommendedAccount,
  RecommendedAccountPage,
  RefreshRequest,
  Refreshed,
  ReinstateAccountInput,
  Relationship,
  RemovePostInput,
  RemoveReplyInput,
  ReplayParkedMessagesInput,
  Reply,
  SearchAccountsInput,
  SearchPostsInput,
  SessionInfo,
  SetRoleInput,
  SignedIn,
  Stats,
  Status,
  SuspendAccountInput,
  Token,
  UnblockAccountInput,
  UnfollowAccountInput,
  UnlikePostInput,
  UnlikeReplyInput,
  UnmuteAccountInput,
  UpdateMediaInput,
} from './types.ts';

export interface AccountsOperations {
  /**
   * Create an account and sign in.
   *
   * Handles are unique whatever their case. The answer holds the account and a session, so that no sign-in follows. An address may sign up only a few times an hour.
   *
   * Needs no account. Can fail with `answer_revoked`, `handle_reserved`, `handle_taken`, `storage_full`.
   */
  create(input: NewAccount, options?: CallOptions): TwiteCall<SignedIn>;

  /**
   * Read an account.
   *
   * Suspended and deleted accounts, and accounts that block you, answer `account_not_found`. Counts hold only what you may see.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  get(input: GetAccountInput, options?: CallOptions): TwiteCall<Account>;

  /**
   * Read an account by its handle, whatever its case.
   *
   * Answers what getAccount does. Use it to turn a handle, as people write it, into the `accountId` that other operations take.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  getByHandle(input: GetAccountByHandleInput, options?: CallOptions): TwiteCall<Account>;

  /**
   * List the posts of an account, newest first.
   *
   * Only posts that you may see: posts for followers are left out unless you follow the author.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  listPosts(input: ListAccountPostsInput, options?: CallOptions): PageRequest<Post>;

  /**
   * List the posts that an account likes, newest like first.
   *
   * Only posts that you may see.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  listLikes(input: ListLikedPostsInput, options?: CallOptions): PageRequest<Post>;

  /**
   * Follow an account.
   *
   * Their posts appear in your home timeline. Following twice changes nothing. If one of you blocks the other, it answers `blocked`.
   *
   * Needs an account and the scope `write`. Can fail with `blocked`, `account_not_found`, `self_action`, `too_many_follows`, `storage_full`.
   */
  follow(input: FollowAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * Stop following an account.
   *
   * Their posts leave your home timeline. Unfollowing an account that you do not follow changes nothing.
   *
   * Needs an account and the scope `write`. Can fail with `account_not_found`, `self_action`, `storage_full`.
   */
  unfollow(input: UnfollowAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * List who follows an account, newest follow first.
   *
   * Accounts that you may not see are left out.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  listFollowers(input: ListFollowersInput, options?: CallOptions): PageRequest<Account>;

  /**
   * List whom an account follows, newest follow first.
   *
   * Accounts that you may not see are left out. Your own list also has suspended accounts, marked `suspended`, so that you can unfollow them.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  listFollowing(input: ListFollowingInput, options?: CallOptions): PageRequest<Account>;

  /**
   * Block an account: neither sees or follows the other.
   *
   * Ends follows in both directions, and hides each from the other in every list, search and timeline. The other account is not told.
   *
   * Needs an account and the scope `write`. Can fail with `account_not_found`, `self_action`, `too_many_blocks`, `storage_full`.
   */
  block(input: BlockAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * Stop blocking an account.
   *
   * Follows that the block ended do not come back.
   *
   * Needs an account and the scope `write`. Can fail with `account_not_found`, `self_action`, `storage_full`.
   */
  unblock(input: UnblockAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * Mute an account: it leaves your home timeline.
   *
   * You still follow the account and can open its posts. It is not told.
   *
   * Needs an account and the scope `write`. Can fail with `account_not_found`, `self_action`, `too_many_mutes`, `storage_full`.
   */
  mute(input: MuteAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * Stop muting an account.
   *
   * Their posts return to your home timeline if you follow them.
   *
   * Needs an account and the scope `write`. Can fail with `account_not_found`, `self_action`, `storage_full`.
   */
  unmute(input: UnmuteAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * List whom you block, newest first.
   *
   * Only your own list can be read. It also has suspended accounts, marked `suspended`.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  listBlocks(input?: ListBlocksInput, options?: CallOptions): PageRequest<Account>;

  /**
   * List whom you mute, newest first.
   *
   * Only your own list can be read. It also has suspended accounts, marked `suspended`.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  listMutes(input?: ListMutesInput, options?: CallOptions): PageRequest<Account>;
}

export interface MeOperations {
  /**
   * Read your own account.
   *
   * Tells the role of the account too, which other people do not see.
   *
   * Needs an account and the scope `read`.
   */
  get(input?: NoInput, options?: CallOptions): TwiteCall<Me>;

  /**
   * Change your display name, bio, avatar or banner.
   *
   * Members that are left out stay as they are. An empty `bio` or `displayName` clears it. Media have to be images that you uploaded and attached to nothing.
   *
   * Needs an account and the scope `write`. Can fail with `media_not_attachable`, `storage_full`.
   */
  update(input?: AccountChanges, options?: CallOptions): TwiteCall<Me>;

  /**
   * Delete your account and all that it wrote.
   *
   * At once and for good: posts, replies, likes, follows, sessions and tokens go with it. Needs the password again, and a session: it is refused to tokens.
   *
   * Needs an account and the scope `write`. Can fail with `session_required`, `wrong_password`, `last_admin`, `storage_full`.
   */
  delete(input: AccountDeletion, options?: CallOptions): TwiteCall<void>;

  /**
   * Change your password.
   *
   * Ends every other session and every personal access token of the account.
   *
   * Needs an account and the scope `write`. Can fail with `wrong_password`, `storage_full`.
   */
  changePassword(input: PasswordChange, options?: CallOptions): TwiteCall<void>;

  /**
   * List the posts and replies that you like, newest like first.
   *
   * Also those that you may no longer see, by their ids alone, so that you can take back every like.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  listLikes(input?: ListMyLikesInput, options?: CallOptions): PageRequest<LikedItem>;
}

export interface RecommendationsOperations {
  /**
   * List accounts that you may want to follow.
   *
   * Accounts followed by those you follow, by how many of them; then popular accounts that posted lately, so that a new account gets some too. Not those you follow, block or mute. One page.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  listAccounts(input?: ListRecommendedAccountsInput, options?: CallOptions): PageRequest<RecommendedAccount, RecommendedAccountPage>;
}

export interface SessionsOperations {
  /**
   * Sign in.
   *
   * A wrong handle and a wrong password get the same answer, `invalid_credentials`. Attempts are limited by network, and for each handle. Keep the session: it holds an access token for 15 minutes, and a refresh token for the next one. An account may have 100 sessions: one more ends the session that was not used for the longest time.
   *
   * Needs no account. Can fail with `invalid_credentials`, `account_suspended`, `answer_revoked`, `storage_full`.
   */
  create(input: Credentials, options?: CallOptions): TwiteCall<SignedIn>;

  /**
   * Trade a refresh token for its successor.
   *
   * Within 30 seconds the same token gets the same successor, so a lost response is harmless. Reusing it later, or after its successor was itself refreshed, ends the session.
   *
   * Needs no account. Can fail with `answer_revoked`, `storage_full`.
   */
  refresh(input: RefreshRequest, options?: CallOptions): TwiteCall<Refreshed>;

  /**
   * Set a new password with the token of a reset link.
   *
   * Ends every session and every personal access token of the account, and uses up the link.
   *
   * Needs no account. Can fail with `invalid_reset_token`, `storage_full`.
   */
  resetPassword(input: PasswordResetUse, options?: CallOptions): TwiteCall<void>;

  /**
   * List your sessions, newest first.
   *
   * `current` marks the session that the request came with. End one that you do not recognise with deleteSession.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  list(input?: ListSessionsInput, options?: CallOptions): PageRequest<SessionInfo>;

  /**
   * End a session.
   *
   * `current` ends the one that the request came with.
   *
   * Needs an account and the scope `write`. Can fail with `session_not_found`, `storage_full`.
   */
  delete(input: DeleteSessionInput, options?: CallOptions): TwiteCall<void>;
}

export interface TokensOperations {
  /**
   * Create a personal access token.
   *
   * Needs the password again, and a session: a token cannot create tokens. The scope `admin` needs the role of a moderator or admin. An account may have 100 tokens. They end with a change of the password and with a suspension, for good.
   *
   * Needs an account and the scope `write`. Can fail with `session_required`, `wrong_password`, `answer_revoked`, `too_many_tokens`, `storage_full`.
   */
  create(input: NewToken, options?: CallOptions): TwiteCall<CreatedToken>;

  /**
   * List your personal access tokens, newest first.
   *
   * Without their secrets, which are shown once, by createToken.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  list(input?: ListTokensInput, options?: CallOptions): PageRequest<Token>;

  /**
   * Revoke a personal access token.
   *
   * It is refused from the next request on. A token of another account answers `token_not_found`.
   *
   * Needs an account and the scope `write`. Can fail with `token_not_found`, `storage_full`.
   */
  delete(input: DeleteTokenInput, options?: CallOptions): TwiteCall<void>;
}

export interface PostsOperations {
  /**
   * Write a post.
   *
   * `visibility` is `public` or `followers`, and cannot be changed later. Attach up to four media that you uploaded before. Send an `Idempotency-Key` to make a retry safe.
   *
   * Needs an account and the scope `write`. Can fail with `media_not_attachable`, `storage_full`.
   */
  create(input: NewPost, options?: CallOptions): TwiteCall<Post>;

  /**
   * Read a post.
   *
   * `include=replies` binds the first page of its replies.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `post_not_found`.
   */
  get(input: GetPostInput, options?: CallOptions): TwiteCall<PostWithReplies>;

  /**
   * Delete a post of yours.
   *
   * Its replies, likes and media go with it. This cannot be undone. A post of someone else answers `post_not_found`.
   *
   * Needs an account and the scope `write`. Can fail with `post_not_found`, `storage_full`.
   */
  delete(input: DeletePostInput, options?: CallOptions): TwiteCall<void>;

  /**
   * Like a post.
   *
   * Liking a post twice changes nothing. Answers the number of likes as you see it. A post that you may not see answers `post_not_found`.
   *
   * Needs an account and the scope `write`. Can fail with `post_not_found`, `storage_full`.
   */
  like(input: LikePostInput, options?: CallOptions): TwiteCall<LikeState>;

  /**
   * Take back a like of a post.
   *
   * Taking back a like that is not there changes nothing. Answers the number of likes as you see it: 0 if you may no longer see the post.
   *
   * Needs an account and the scope `write`. Can fail with `post_not_found`, `storage_full`.
   */
  unlike(input: UnlikePostInput, options?: CallOptions): TwiteCall<LikeState>;

  /**
   * List who likes a post, newest like first.
   *
   * Accounts that you may not see are left out.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `post_not_found`.
   */
  listLikes(input: ListPostLikesInput, options?: CallOptions): PageRequest<Account>;
}

export interface RepliesOperations {
  /**
   * Reply to a post, or to one of its replies.
   *
   * Everyone who may see the post may see its replies. `parentReplyId` names a reply to the same post. Send an `Idempotency-Key` to make a retry safe.
   *
   * Needs an account and the scope `write`. Can fail with `post_not_found`, `reply_not_found`, `media_not_attachable`, `storage_full`.
   */
  create(input: CreateReplyInput, options?: CallOptions): TwiteCall<Reply>;

  /**
   * List the replies to a post, oldest first.
   *
   * Replies of accounts that you block, or that block you, are left out.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `post_not_found`.
   */
  list(input: ListRepliesInput, options?: CallOptions): PageRequest<Reply>;

  /**
   * Read a reply.
   *
   * Answers `reply_not_found` when you may not see the reply or the post that it belongs to.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `reply_not_found`.
   */
  get(input: GetReplyInput, options?: CallOptions): TwiteCall<Reply>;

  /**
   * Delete a reply of yours.
   *
   * Also deletes a reply by someone whom you block, under a post of yours. This cannot be undone. A reply that you may not delete answers `reply_not_found`.
   *
   * Needs an account and the scope `write`. Can fail with `reply_not_found`, `storage_full`.
   */
  delete(input: DeleteReplyInput, options?: CallOptions): TwiteCall<void>;

  /**
   * Like a reply.
   *
   * Liking a reply twice changes nothing. Answers the number of likes as you see it. A reply that you may not see answers `reply_not_found`.
   *
   * Needs an account and the scope `write`. Can fail with `reply_not_found`, `storage_full`.
   */
  like(input: LikeReplyInput, options?: CallOptions): TwiteCall<LikeState>;

  /**
   * Take back a like of a reply.
   *
   * Taking back a like that is not there changes nothing. Answers the number of likes as you see it: 0 if you may no longer see the reply.
   *
   * Needs an account and the scope `write`. Can fail with `reply_not_found`, `storage_full`.
   */
  unlike(input: UnlikeReplyInput, options?: CallOptions): TwiteCall<LikeState>;
}

export interface MediaOperations {
  /**
   * Upload an image or a short video.
   *
   * JPEG, PNG, WebP, GIF, AVIF, MP4 (H.264, AAC) or WebM, told by content. Metadata such as the place is removed. Attach it to a post, a reply or your account within 24 hours, or it is deleted.
   *
   * Needs an account and the scope `write`. Can fail with `media_too_large`, `unsupported_media`, `media_dimensions`, `media_invalid`, `media_quota_exceeded`, `upload_rate_limited`, `storage_full`.
   */
  upload(source: UploadSource, options?: UploadOptions): TwiteCall<Media>;

  /**
   * Read a medium: its state, its sizes and their URLs.
   *
   * Yours, or attached to something that you may see.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `media_not_found`.
   */
  get(input: GetMediaInput, options?: CallOptions): TwiteCall<Media>;

  /**
   * Change the alt text or focus of a medium of yours.
   *
   * Members that are left out stay as they are. Works also after the medium was attached.
   *
   * Needs an account and the scope `write`. Can fail with `media_not_found`, `storage_full`.
   */
  update(input: UpdateMediaInput, options?: CallOptions): TwiteCall<Media>;

  /**
   * Delete a medium of yours that is not attached to anything.
   *
   * Media of a post, a reply or a profile answer `media_attached`: delete that, or put another picture in its place.
   *
   * Needs an account and the scope `write`. Can fail with `media_not_found`, `media_attached`, `storage_full`.
   */
  delete(input: DeleteMediaInput, options?: CallOptions): TwiteCall<void>;
}

export interface RelationshipsOperations {
  /**
   * Get your relationships to accounts.
   *
   * In the order asked for. Accounts that do not exist are left out, and so are suspended ones unless they follow you or you follow, block or mute them.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  list(input: ListRelationshipsInput, options?: CallOptions): PageRequest<Relationship>;
}

export interface TimelinesOperations {
  /**
   * Read your home timeline, newest first.
   *
   * Your own posts and those of the accounts that you follow.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  home(input?: GetHomeTimelineInput, options?: CallOptions): PageRequest<Post>;

  /**
   * Read the public timeline, newest first.
   *
   * The public posts of all accounts, without those of accounts that you block or mute or that block you. The operator may turn it off; `publicTimeline` of `GET /v1/instance` says so.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `public_timeline_off`.
   */
  public(input?: GetPublicTimelineInput, options?: CallOptions): PageRequest<Post>;
}

export interface SearchOperations {
  /**
   * Search posts, newest first.
   *
   * Finds posts that have all terms of the query: words, "exact phrases", #tags, from:handle and has:media. A minus sign before a term excludes it. Case, accents, points and full width do not matter, in any script; words match whole, and in scripts without spaces any part of the text matches. The index follows a new post within a moment.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`.
   */
  posts(input: SearchPostsInput, options?: CallOptions): PageRequest<Post>;

  /**
   * Search accounts by the start of their handle or a word of their name.
   *
   * Case and accents do not matter, in any script. The best matches come first; accounts that you may not see are left out. The cursor belongs to this query.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`.
   */
  accounts(input: SearchAccountsInput, options?: CallOptions): PageRequest<Account>;
}

export interface InstanceOperations {
  /**
   * Read what this instance is and what its limits are.
   *
   * Needs no account. Read the limits from here instead of writing them into a client: each instance sets its own.
   *
   * Needs no account.
   */
  get(input?: NoInput, options?: CallOptions): TwiteCall<Instance>;
}

export interface AdminOperations {
  /**
   * Count what the instance holds.
   *
   * Totals of accounts, posts, replies, likes and follows. Admins only.
   *
   * Needs an account with the role admin and the scope `admin`.
   */
  getStats(input?: NoInput, options?: CallOptions): TwiteCall<Stats>;

  /**
   * List all accounts, newest first, suspended ones too.
   *
   * `status` keeps only active or only suspended accounts. Moderators and admins only.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account with the role moderator and the scope `admin`.
   */
  listAccounts(input?: ListAllAccountsInput, options?: CallOptions): PageRequest<AdminAccount>;

  /**
   * Suspend an account: it is signed out, and nothing of it is seen.
   *
   * Its sessions and tokens end, and its posts, replies and likes are hidden from everyone until it is reinstated. `reason` is shown to moderators and is kept in the audit log. You cannot suspend yourself or the last admin. Repeating it changes nothing.
   *
   * Needs an account with the role moderator and the scope `admin`. Can fail with `account_not_found`, `last_admin`, `self_action`, `storage_full`.
   */
  suspendAccount(input: SuspendAccountInput, options?: CallOptions): TwiteCall<AdminAccount>;

  /**
   * End a suspension.
   *
   * What the account wrote is visible again, and it can sign in. Reinstating an active account changes nothing.
   *
   * Needs an account with the role moderator and the scope `admin`. Can fail with `account_not_found`, `storage_full`.
   */
  reinstateAccount(input: ReinstateAccountInput, options?: CallOptions): TwiteCall<AdminAccount>;

  /**
   * Set the role of an account.
   *
   * Takes effect at the next request of that account. The last admin cannot be given another role (`last_admin`). Admins only.
   *
   * Needs an account with the role admin and the scope `admin`. Can fail with `account_not_found`, `last_admin`, `storage_full`.
   */
  setRole(input: SetRoleInput, options?: CallOptions): TwiteCall<AdminAccount>;

  /**
   * Create a link that resets the password of an account.
   *
   * The link works once, for an hour, and replaces the one before. Give it to the owner of the account. Passwords of admins are reset by the operator, on the machine.
   *
   * Needs an account with the role admin and the scope `admin`. Can fail with `account_not_found`, `answer_revoked`, `self_action`, `storage_full`.
   */
  createPasswordReset(input: CreatePasswordResetInput, options?: CallOptions): TwiteCall<PasswordReset>;

  /**
   * Remove a post of anyone.
   *
   * Its replies, likes and media go with it. This cannot be undone, and is kept in the audit log. Moderators and admins only.
   *
   * Needs an account with the role moderator and the scope `admin`. Can fail with `post_not_found`, `storage_full`.
   */
  removePost(input: RemovePostInput, options?: CallOptions): TwiteCall<void>;

  /**
   * Remove a reply of anyone.
   *
   * This cannot be undone, and is kept in the audit log. Moderators and admins only.
   *
   * Needs an account with the role moderator and the scope `admin`. Can fail with `reply_not_found`, `storage_full`.
   */
  removeReply(input: RemoveReplyInput, options?: CallOptions): TwiteCall<void>;

  /**
   * List what moderators and admins did, newest first.
   *
   * Each entry tells who did what to whom, and when. Admins only.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account with the role admin and the scope `admin`.
   */
  listAuditLog(input?: ListAuditLogInput, options?: CallOptions): PageRequest<AuditEntry>;

  /**
   * See how the instance stands: what it depends on, what waits, what is degraded.
   *
   * Every dependency with its latency, every queue with what waits in it, and every process. Admins only; for a probe use `/readyz`.
   *
   * Needs an account with the role admin and the scope `admin`.
   */
  getStatus(input?: NoInput, options?: CallOptions): TwiteCall<Status>;

  /**
   * List the queues of work, with what waits and what was parked.
   *
   * The same numbers as in getStatus. `parked` counts messages that were put aside after failing five times. Admins only.
   *
   * Needs an account with the role admin and the scope `admin`.
   */
  listQueues(input?: NoInput, options?: CallOptions): TwiteCall<QueueList>;

  /**
   * List the parked messages of a queue, oldest first.
   *
   * Each with its last error, so that you can decide whether to replay or to drop it. Admins only.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account with the role admin and the scope `admin`. Can fail with `queue_not_found`.
   */
  listParkedMessages(input: ListParkedMessagesInput, options?: CallOptions): PageRequest<ParkedMessage>;

  /**
   * Give parked messages to their queue again.
   *
   * Do this once the cause of the failure is gone; a message that fails again is parked again. Answers how many were replayed. Admins only.
   *
   * Needs an account with the role admin and the scope `admin`. Can fail with `queue_not_found`, `storage_full`.
   */
  replayParkedMessages(input: ReplayParkedMessagesInput, options?: CallOptions): TwiteCall<MessageCount>;

  /**
   * Erase parked messages for good.
   *
   * The work that these messages stand for is never done. Answers how many were dropped. Admins only.
   *
   * Needs an account with the role admin and the scope `admin`. Can fail with `queue_not_found`, `storage_full`.
   */
  dropParkedMessages(input: DropParkedMessagesInput, options?: CallOptions): TwiteCall<MessageCount>;
}

/** Every operation of the contract, by namespace. */
export interface TwiteOperations {
  readonly accounts: AccountsOperations;
  readonly me: MeOperations;
  readonly recommendations: RecommendationsOperations;
  readonly sessions: SessionsOperations;
  readonly tokens: TokensOperations;
  readonly posts: PostsOperations;
  readonly replies: RepliesOperations;
  readonly media: MediaOperations;
  readonly relationships: RelationshipsOperations;
  readonly timelines: TimelinesOperations;
  readonly search: SearchOperations;
  readonly instance: InstanceOperations;
  readonly admin: AdminOperations;
}
