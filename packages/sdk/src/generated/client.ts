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
   * Handles are unique, ignoring case. The response contains the account and a session, so you need not sign in afterwards. Each network can create only a few accounts an hour.
   *
   * Needs no account. Can fail with `answer_revoked`, `handle_reserved`, `handle_taken`, `storage_full`.
   */
  create(input: NewAccount, options?: CallOptions): TwiteCall<SignedIn>;

  /**
   * Get an account.
   *
   * Returns `account_not_found` for suspended and deleted accounts. For an account that blocks you, or that you block, the counts are 0.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  get(input: GetAccountInput, options?: CallOptions): TwiteCall<Account>;

  /**
   * Get an account by its handle.
   *
   * Ignores case, and returns the same as getAccount. Use it to look up the `accountId` that other operations need.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  getByHandle(input: GetAccountByHandleInput, options?: CallOptions): TwiteCall<Account>;

  /**
   * List the posts of an account, newest first.
   *
   * Returns only posts that you are allowed to see: leaves out followers-only posts unless you follow the account.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  listPosts(input: ListAccountPostsInput, options?: CallOptions): PageRequest<Post>;

  /**
   * List the posts that an account likes, newest like first.
   *
   * Returns only posts that you are allowed to see.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  listLikes(input: ListLikedPostsInput, options?: CallOptions): PageRequest<Post>;

  /**
   * Follow an account.
   *
   * Their posts appear in your home timeline. Following an account again has no effect. Returns `blocked` if one of you blocks the other.
   *
   * Needs an account and the scope `write`. Can fail with `blocked`, `account_not_found`, `self_action`, `too_many_follows`, `storage_full`.
   */
  follow(input: FollowAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * Unfollow an account.
   *
   * Their posts disappear from your home timeline. Unfollowing an account that you do not follow has no effect.
   *
   * Needs an account and the scope `write`. Can fail with `account_not_found`, `self_action`, `storage_full`.
   */
  unfollow(input: UnfollowAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * List the followers of an account, newest first.
   *
   * Leaves out accounts that you are not allowed to see.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  listFollowers(input: ListFollowersInput, options?: CallOptions): PageRequest<Account>;

  /**
   * List the accounts that an account follows, newest first.
   *
   * Leaves out accounts that you are not allowed to see. Your own list includes suspended accounts, marked `suspended`, so that you can unfollow them.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `account_not_found`.
   */
  listFollowing(input: ListFollowingInput, options?: CallOptions): PageRequest<Account>;

  /**
   * Block an account.
   *
   * Ends follows in both directions and hides each of you from the other in all lists, searches and timelines. Does not notify the account.
   *
   * Needs an account and the scope `write`. Can fail with `account_not_found`, `self_action`, `too_many_blocks`, `storage_full`.
   */
  block(input: BlockAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * Unblock an account.
   *
   * Does not restore the follows that the block ended.
   *
   * Needs an account and the scope `write`. Can fail with `account_not_found`, `self_action`, `storage_full`.
   */
  unblock(input: UnblockAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * Mute an account.
   *
   * Removes its posts from your home timeline. You still follow the account and can open its posts. Does not notify the account.
   *
   * Needs an account and the scope `write`. Can fail with `account_not_found`, `self_action`, `too_many_mutes`, `storage_full`.
   */
  mute(input: MuteAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * Unmute an account.
   *
   * Its posts return to your home timeline if you follow it.
   *
   * Needs an account and the scope `write`. Can fail with `account_not_found`, `self_action`, `storage_full`.
   */
  unmute(input: UnmuteAccountInput, options?: CallOptions): TwiteCall<Relationship>;

  /**
   * List the accounts that you block, newest first.
   *
   * Includes suspended accounts, marked `suspended`.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  listBlocks(input?: ListBlocksInput, options?: CallOptions): PageRequest<Account>;

  /**
   * List the accounts that you mute, newest first.
   *
   * Includes suspended accounts, marked `suspended`.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  listMutes(input?: ListMutesInput, options?: CallOptions): PageRequest<Account>;
}

export interface MeOperations {
  /**
   * Get your own account.
   *
   * Includes the role of the account, which other people cannot see.
   *
   * Needs an account and the scope `read`.
   */
  get(input?: NoInput, options?: CallOptions): TwiteCall<Me>;

  /**
   * Change your display name, bio, avatar or banner.
   *
   * Fields that you leave out stay as they are. An empty `bio` or `displayName` clears it. Pictures must be images that you uploaded and have not attached to anything.
   *
   * Needs an account and the scope `write`. Can fail with `media_not_attachable`, `storage_full`.
   */
  update(input?: AccountChanges, options?: CallOptions): TwiteCall<Me>;

  /**
   * Delete your account and everything it wrote.
   *
   * Permanently deletes your posts, replies, likes, follows, sessions and tokens. Requires your password and a session; personal access tokens cannot do this.
   *
   * Needs an account and the scope `write`. Can fail with `session_required`, `wrong_password`, `last_admin`, `storage_full`.
   */
  delete(input: AccountDeletion, options?: CallOptions): TwiteCall<void>;

  /**
   * Change your password.
   *
   * Ends all other sessions and all personal access tokens of your account.
   *
   * Needs an account and the scope `write`. Can fail with `wrong_password`, `storage_full`.
   */
  changePassword(input: PasswordChange, options?: CallOptions): TwiteCall<void>;

  /**
   * List the posts and replies that you like, newest like first.
   *
   * Includes the ids of posts and replies that you are no longer allowed to see, so that you can unlike them.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  listLikes(input?: ListMyLikesInput, options?: CallOptions): PageRequest<LikedItem>;
}

export interface RecommendationsOperations {
  /**
   * List recommended accounts.
   *
   * Returns first the accounts that most of the accounts you follow also follow, and then popular accounts that posted recently. Leaves out accounts that you follow, block or mute. Returns a single page.
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
   * Returns `invalid_credentials` for an unknown handle and for a wrong password alike. Attempts are limited for each network and each handle. Store the session: its access token is valid for 15 minutes, and its refresh token gets the next one. An account can have 100 sessions; another one ends the least recently used session.
   *
   * Needs no account. Can fail with `invalid_credentials`, `account_suspended`, `answer_revoked`, `storage_full`.
   */
  create(input: Credentials, options?: CallOptions): TwiteCall<SignedIn>;

  /**
   * Refresh a session.
   *
   * Exchanges a refresh token for new tokens. Within 30 seconds the same refresh token returns the same new tokens, so a lost response does no harm. Reusing it later, or after its successor was used, ends the session.
   *
   * Needs no account. Can fail with `answer_revoked`, `storage_full`.
   */
  refresh(input: RefreshRequest, options?: CallOptions): TwiteCall<Refreshed>;

  /**
   * Reset a password.
   *
   * Takes the token of a reset link, which works once. Ends all sessions and all personal access tokens of the account.
   *
   * Needs no account. Can fail with `invalid_reset_token`, `storage_full`.
   */
  resetPassword(input: PasswordResetUse, options?: CallOptions): TwiteCall<void>;

  /**
   * List your sessions, newest first.
   *
   * `current` marks the session that sent the request. Use deleteSession to end a session that you do not recognise.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  list(input?: ListSessionsInput, options?: CallOptions): PageRequest<SessionInfo>;

  /**
   * End a session.
   *
   * Use `current` as the id to end the session that sends the request.
   *
   * Needs an account and the scope `write`. Can fail with `session_not_found`, `storage_full`.
   */
  delete(input: DeleteSessionInput, options?: CallOptions): TwiteCall<void>;
}

export interface TokensOperations {
  /**
   * Create a personal access token.
   *
   * Requires your password and a session; tokens cannot create tokens. The scope `admin` requires the role moderator or admin. An account can have 100 tokens. A password change or a suspension permanently revokes them.
   *
   * Needs an account and the scope `write`. Can fail with `session_required`, `wrong_password`, `answer_revoked`, `too_many_tokens`, `storage_full`.
   */
  create(input: NewToken, options?: CallOptions): TwiteCall<CreatedToken>;

  /**
   * List your personal access tokens, newest first.
   *
   * Does not include secrets: only createToken returns them.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  list(input?: ListTokensInput, options?: CallOptions): PageRequest<Token>;

  /**
   * Revoke a personal access token.
   *
   * Takes effect at once. Returns `token_not_found` for a token of another account.
   *
   * Needs an account and the scope `write`. Can fail with `token_not_found`, `storage_full`.
   */
  delete(input: DeleteTokenInput, options?: CallOptions): TwiteCall<void>;
}

export interface PostsOperations {
  /**
   * Publish a post.
   *
   * `visibility` is `public` or `followers` and cannot be changed later. You can attach up to four uploaded media files. Send an `Idempotency-Key` to make retries safe.
   *
   * Needs an account and the scope `write`. Can fail with `media_not_attachable`, `storage_full`.
   */
  create(input: NewPost, options?: CallOptions): TwiteCall<Post>;

  /**
   * Get a post.
   *
   * `include=replies` embeds the first page of its replies.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `post_not_found`.
   */
  get(input: GetPostInput, options?: CallOptions): TwiteCall<PostWithReplies>;

  /**
   * Delete one of your posts.
   *
   * Also deletes its replies, likes and media. You cannot undo this. Returns `post_not_found` for a post of someone else.
   *
   * Needs an account and the scope `write`. Can fail with `post_not_found`, `storage_full`.
   */
  delete(input: DeletePostInput, options?: CallOptions): TwiteCall<void>;

  /**
   * Like a post.
   *
   * Liking a post again has no effect. Returns the number of likes, or `post_not_found` if you are not allowed to see the post.
   *
   * Needs an account and the scope `write`. Can fail with `post_not_found`, `storage_full`.
   */
  like(input: LikePostInput, options?: CallOptions): TwiteCall<LikeState>;

  /**
   * Unlike a post.
   *
   * Unliking a post that you do not like has no effect. Returns the number of likes, or 0 if you are no longer allowed to see the post.
   *
   * Needs an account and the scope `write`. Can fail with `post_not_found`, `storage_full`.
   */
  unlike(input: UnlikePostInput, options?: CallOptions): TwiteCall<LikeState>;

  /**
   * List the accounts that like a post, newest like first.
   *
   * Leaves out accounts that you are not allowed to see.
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
   * Everyone who can see the post can see its replies. `parentReplyId` is the reply that you answer; it must belong to the same post. Send an `Idempotency-Key` to make retries safe.
   *
   * Needs an account and the scope `write`. Can fail with `post_not_found`, `reply_not_found`, `media_not_attachable`, `storage_full`.
   */
  create(input: CreateReplyInput, options?: CallOptions): TwiteCall<Reply>;

  /**
   * List the replies to a post, oldest first.
   *
   * Leaves out replies of accounts that you block or that block you.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `post_not_found`.
   */
  list(input: ListRepliesInput, options?: CallOptions): PageRequest<Reply>;

  /**
   * Get a reply.
   *
   * Returns `reply_not_found` if you are not allowed to see the reply or its post.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `reply_not_found`.
   */
  get(input: GetReplyInput, options?: CallOptions): TwiteCall<Reply>;

  /**
   * Delete one of your replies.
   *
   * You can also delete replies under your own posts by accounts that you block. You cannot undo this. Returns `reply_not_found` for any other reply.
   *
   * Needs an account and the scope `write`. Can fail with `reply_not_found`, `storage_full`.
   */
  delete(input: DeleteReplyInput, options?: CallOptions): TwiteCall<void>;

  /**
   * Like a reply.
   *
   * Liking a reply again has no effect. Returns the number of likes, or `reply_not_found` if you are not allowed to see the reply.
   *
   * Needs an account and the scope `write`. Can fail with `reply_not_found`, `storage_full`.
   */
  like(input: LikeReplyInput, options?: CallOptions): TwiteCall<LikeState>;

  /**
   * Unlike a reply.
   *
   * Unliking a reply that you do not like has no effect. Returns the number of likes, or 0 if you are no longer allowed to see the reply.
   *
   * Needs an account and the scope `write`. Can fail with `reply_not_found`, `storage_full`.
   */
  unlike(input: UnlikeReplyInput, options?: CallOptions): TwiteCall<LikeState>;
}

export interface MediaOperations {
  /**
   * Upload an image or a short video.
   *
   * Accepts JPEG, PNG, WebP, GIF, AVIF, MP4 (H.264, AAC) and WebM, recognised by their content. Removes metadata such as the location. Attach the file to a post, a reply or your account within 24 hours, or it is deleted.
   *
   * Needs an account and the scope `write`. Can fail with `media_too_large`, `unsupported_media`, `media_dimensions`, `media_invalid`, `media_quota_exceeded`, `upload_rate_limited`, `storage_full`.
   */
  upload(source: UploadSource, options?: UploadOptions): TwiteCall<Media>;

  /**
   * Get a media file.
   *
   * Returns its state, its sizes and their URLs. You can see your own files, and files attached to something that you are allowed to see.
   *
   * Works signed out; a token needs the scope `read`. Can fail with `media_not_found`.
   */
  get(input: GetMediaInput, options?: CallOptions): TwiteCall<Media>;

  /**
   * Update the alt text or focus of a media file.
   *
   * Fields that you leave out stay as they are. You can do this even after you attached the file.
   *
   * Needs an account and the scope `write`. Can fail with `media_not_found`, `storage_full`.
   */
  update(input: UpdateMediaInput, options?: CallOptions): TwiteCall<Media>;

  /**
   * Delete an unattached media file.
   *
   * Returns `media_attached` for a file of a post, a reply or a profile: delete the post or reply, or choose another picture, instead.
   *
   * Needs an account and the scope `write`. Can fail with `media_not_found`, `media_attached`, `storage_full`.
   */
  delete(input: DeleteMediaInput, options?: CallOptions): TwiteCall<void>;
}

export interface RelationshipsOperations {
  /**
   * Get your relationships to accounts.
   *
   * Returns them in the order of the request. Leaves out accounts that do not exist, and suspended accounts unless they follow you or you follow, block or mute them.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  list(input: ListRelationshipsInput, options?: CallOptions): PageRequest<Relationship>;
}

export interface TimelinesOperations {
  /**
   * Get your home timeline, newest first.
   *
   * Returns your own posts and posts of the accounts that you follow.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account and the scope `read`.
   */
  home(input?: GetHomeTimelineInput, options?: CallOptions): PageRequest<Post>;

  /**
   * Get the public timeline, newest first.
   *
   * Returns the public posts of all accounts, except accounts that you block or mute and accounts that block you. The operator can turn it off; see `publicTimeline` in `GET /v1/instance`.
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
   * Returns posts that match all terms of the query: words, "exact phrases", #tags, from:handle and has:media. A minus sign before a term excludes it. Ignores case, accents, points and full width, in any script. Matches whole words; in scripts without spaces, any part of the text. New posts can be found within about a second.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`.
   */
  posts(input: SearchPostsInput, options?: CallOptions): PageRequest<Post>;

  /**
   * Search accounts by the start of their handle or a word of their name.
   *
   * Ignores case and accents, in any script. The best matches come first. Leaves out accounts that you are not allowed to see. A cursor is only valid for the same query.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Works signed out; a token needs the scope `read`.
   */
  accounts(input: SearchAccountsInput, options?: CallOptions): PageRequest<Account>;
}

export interface InstanceOperations {
  /**
   * Get the name, version and limits of this instance.
   *
   * Requires no account. Read the limits here instead of hard-coding them: each instance sets its own.
   *
   * Needs no account.
   */
  get(input?: NoInput, options?: CallOptions): TwiteCall<Instance>;
}

export interface AdminOperations {
  /**
   * Get the totals of the instance.
   *
   * Returns the number of accounts, posts, replies, likes and follows. Admins only.
   *
   * Needs an account with the role admin and the scope `admin`.
   */
  getStats(input?: NoInput, options?: CallOptions): TwiteCall<Stats>;

  /**
   * List all accounts, newest first.
   *
   * Includes suspended accounts; `status` filters them. Moderators and admins only.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account with the role moderator and the scope `admin`.
   */
  listAccounts(input?: ListAllAccountsInput, options?: CallOptions): PageRequest<AdminAccount>;

  /**
   * Suspend an account.
   *
   * Ends its sessions and tokens, and hides its posts, replies and likes from everyone until you reinstate it. `reason` is visible to moderators and in the audit log. You cannot suspend yourself or the last admin. Suspending an account again has no effect.
   *
   * Needs an account with the role moderator and the scope `admin`. Can fail with `account_not_found`, `last_admin`, `self_action`, `storage_full`.
   */
  suspendAccount(input: SuspendAccountInput, options?: CallOptions): TwiteCall<AdminAccount>;

  /**
   * Reinstate an account.
   *
   * Makes its posts, replies and likes visible again and lets it sign in. Reinstating an active account has no effect.
   *
   * Needs an account with the role moderator and the scope `admin`. Can fail with `account_not_found`, `storage_full`.
   */
  reinstateAccount(input: ReinstateAccountInput, options?: CallOptions): TwiteCall<AdminAccount>;

  /**
   * Set the role of an account.
   *
   * Takes effect with the next request of that account. You cannot change the role of the last admin (`last_admin`). Admins only.
   *
   * Needs an account with the role admin and the scope `admin`. Can fail with `account_not_found`, `last_admin`, `storage_full`.
   */
  setRole(input: SetRoleInput, options?: CallOptions): TwiteCall<AdminAccount>;

  /**
   * Create a password reset link.
   *
   * The link works once, within an hour, and replaces earlier links. Give it to the owner of the account. Only the operator can reset the password of an admin, with `twite admin password` on the server.
   *
   * Needs an account with the role admin and the scope `admin`. Can fail with `account_not_found`, `answer_revoked`, `self_action`, `storage_full`.
   */
  createPasswordReset(input: CreatePasswordResetInput, options?: CallOptions): TwiteCall<PasswordReset>;

  /**
   * Remove any post.
   *
   * Also deletes its replies, likes and media, and adds an entry to the audit log. You cannot undo this. Moderators and admins only.
   *
   * Needs an account with the role moderator and the scope `admin`. Can fail with `post_not_found`, `storage_full`.
   */
  removePost(input: RemovePostInput, options?: CallOptions): TwiteCall<void>;

  /**
   * Remove any reply.
   *
   * Adds an entry to the audit log. You cannot undo this. Moderators and admins only.
   *
   * Needs an account with the role moderator and the scope `admin`. Can fail with `reply_not_found`, `storage_full`.
   */
  removeReply(input: RemoveReplyInput, options?: CallOptions): TwiteCall<void>;

  /**
   * List the audit log, newest first.
   *
   * Each entry says which moderator or admin did what to whom, and when. Admins only.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account with the role admin and the scope `admin`.
   */
  listAuditLog(input?: ListAuditLogInput, options?: CallOptions): PageRequest<AuditEntry>;

  /**
   * Get the status of the instance.
   *
   * Returns every dependency with its latency, every queue with the number of waiting messages, every process, and everything that is degraded. Admins only; for probes, use `/readyz`.
   *
   * Needs an account with the role admin and the scope `admin`.
   */
  getStatus(input?: NoInput, options?: CallOptions): TwiteCall<Status>;

  /**
   * List the queues.
   *
   * Returns the same numbers as getStatus. `parked` is the number of messages that failed five times and were set aside. Admins only.
   *
   * Needs an account with the role admin and the scope `admin`.
   */
  listQueues(input?: NoInput, options?: CallOptions): TwiteCall<QueueList>;

  /**
   * List the parked messages of a queue, oldest first.
   *
   * Each message has its last error, so that you can decide whether to replay or drop it. Admins only.
   *
   * Await it for the first page, or iterate over all items.
   *
   * Needs an account with the role admin and the scope `admin`. Can fail with `queue_not_found`.
   */
  listParkedMessages(input: ListParkedMessagesInput, options?: CallOptions): PageRequest<ParkedMessage>;

  /**
   * Replay parked messages.
   *
   * Returns them to their queue. Fix the cause first: messages that fail again are parked again. Returns the number of replayed messages. Admins only.
   *
   * Needs an account with the role admin and the scope `admin`. Can fail with `queue_not_found`, `storage_full`.
   */
  replayParkedMessages(input: ReplayParkedMessagesInput, options?: CallOptions): TwiteCall<MessageCount>;

  /**
   * Drop parked messages.
   *
   * Permanently deletes the messages without handling them. Returns the number of dropped messages. Admins only.
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
