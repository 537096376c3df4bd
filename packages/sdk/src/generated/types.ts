// Generated from @twite/contract by packages/sdk/scripts/generate.ts: do not edit, run `npm run generate`.

import type { Page } from '../page.ts';

export interface Account {
  accountId: Id;
  handle: Handle;
  displayName: string;
  avatar: Avatar | null;
  /** A wide picture behind the profile. */
  banner: Media | null;
  bio: string;
  counts: AccountCounts;
  createdAt: Timestamp;
  /** True for a suspended account; otherwise absent. Only its handle is shown, and only to those who follow, block or mute it and to those whom it follows. */
  suspended?: boolean;
}

export interface AccountChanges {
  displayName?: NewDisplayName | undefined;
  bio?: NewBio | undefined;
  /** An image of yours that is attached to nothing yet; null removes the avatar. */
  avatarMediaId?: Id | null | undefined;
  /** An image of yours that is attached to nothing yet; null removes the banner. */
  bannerMediaId?: Id | null | undefined;
}

/** What the viewer may see of each: they agree with the lists. */
export interface AccountCounts {
  posts: Count;
  followers: Count;
  following: Count;
}

export interface AccountDeletion {
  password: Password;
}

export type AccountPage = Page<Account>;

export interface AccountSummary {
  accountId: Id;
  handle: Handle;
  displayName: string;
  avatar: Avatar | null;
}

export interface AdminAccount {
  accountId: Id;
  handle: Handle;
  displayName: string;
  avatar: Avatar | null;
  /** A wide picture behind the profile. */
  banner: Media | null;
  bio: string;
  counts: AccountCounts;
  createdAt: Timestamp;
  role: Role;
  suspendedAt: Timestamp | null;
  suspensionReason: string | null;
}

export type AdminAccountPage = Page<AdminAccount>;

export interface AuditAccount {
  accountId: Id;
  handle: Handle;
}

export type AuditAction =
  | 'account_suspended'
  | 'account_reinstated'
  | 'role_set'
  | 'password_reset_created'
  | 'post_removed'
  | 'reply_removed'
  | 'messages_replayed'
  | 'messages_dropped';

export interface AuditEntry {
  entryId: Id;
  action: AuditAction;
  /** null: the operator of the machine. */
  actor: AuditAccount | null;
  /** The account that `subjectId` names; null if it names something else. */
  subject: AuditAccount | null;
  /** The id of the account, post or reply that it was done to, or the name of the queue. */
  subjectId: string;
  /** The reason given, the role set, or how many messages. */
  detail: string | null;
  createdAt: Timestamp;
}

export type AuditEntryPage = Page<AuditEntry>;

export interface Avatar {
  mediaId: Id;
  /** Square, 400 pixels wide or less. */
  url: string;
  /** Square, 96 pixels wide or less. */
  smallUrl: string;
  altText: string;
  /** A placeholder of some 25 bytes in base64 (ThumbHash); null until it is known. */
  thumbhash: string | null;
}

/** The input of `accounts.block`. */
export interface BlockAccountInput {
  accountId: Id;
}

export type Count = number;

/** The input of `admin.createPasswordReset`. */
export interface CreatePasswordResetInput {
  accountId: Id;
}

/** The input of `replies.create`. */
export interface CreateReplyInput extends NewReply {
  postId: Id;
}

export interface CreatedToken {
  token: Token;
  /** Shown only now. */
  secret: string;
}

export interface Credentials {
  handle: Handle;
  password: Password;
  /** Of the last sign-in to this account from this client. */
  deviceToken?: string | undefined;
}

/** The input of `media.delete`. */
export interface DeleteMediaInput {
  mediaId: Id;
}

/** The input of `posts.delete`. */
export interface DeletePostInput {
  postId: Id;
}

/** The input of `replies.delete`. */
export interface DeleteReplyInput {
  replyId: Id;
}

/** The input of `sessions.delete`. */
export interface DeleteSessionInput {
  sessionId: 'current' | Id;
}

/** The input of `tokens.delete`. */
export interface DeleteTokenInput {
  tokenId: Id;
}

export type DependencyState = 'up' | 'down' | 'open';

export interface DependencyStatus {
  name: string;
  /** `open`: it failed so often that it is not asked for now. */
  state: DependencyState;
  /** Whether nothing works without it. */
  primary: boolean;
  /** How long it took to answer; null when it did not. */
  latencyMs: Milliseconds | null;
  /** What does not work, or works worse, while it is away; null while it is up. */
  degraded: string | null;
}

/** The input of `admin.dropParkedMessages`. */
export interface DropParkedMessagesInput extends MessageSelection {
  queue: QueueName;
}

export type EngineName = 'embedded' | 'distributed';

export type ErrorCode =
  | 'malformed_json'
  | 'malformed_form'
  | 'malformed_path'
  | 'unauthenticated'
  | 'invalid_token'
  | 'invalid_credentials'
  | 'insufficient_scope'
  | 'insufficient_role'
  | 'session_required'
  | 'wrong_password'
  | 'account_suspended'
  | 'blocked'
  | 'not_found'
  | 'account_not_found'
  | 'post_not_found'
  | 'reply_not_found'
  | 'media_not_found'
  | 'session_not_found'
  | 'token_not_found'
  | 'public_timeline_off'
  | 'queue_not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'handle_taken'
  | 'handle_reserved'
  | 'idempotency_in_flight'
  | 'answer_revoked'
  | 'media_attached'
  | 'last_admin'
  | 'payload_too_large'
  | 'media_too_large'
  | 'unsupported_media'
  | 'unsupported_media_type'
  | 'invalid_input'
  | 'idempotency_mismatch'
  | 'media_dimensions'
  | 'media_invalid'
  | 'media_not_attachable'
  | 'media_quota_exceeded'
  | 'too_many_tokens'
  | 'too_many_follows'
  | 'too_many_blocks'
  | 'too_many_mutes'
  | 'self_action'
  | 'invalid_reset_token'
  | 'rate_limited'
  | 'upload_rate_limited'
  | 'internal_error'
  | 'overloaded'
  | 'storage_full'
  | 'unavailable';

/** The point that crops keep in view: x from −1 (left) to 1 (right), y from −1 (bottom) to 1 (top). 0,0 is the centre. */
export interface Focus {
  x: number;
  y: number;
}

/** The input of `accounts.follow`. */
export interface FollowAccountInput {
  accountId: Id;
}

/** The input of `accounts.getByHandle`. */
export interface GetAccountByHandleInput {
  handle: Handle;
}

/** The input of `accounts.get`. */
export interface GetAccountInput {
  accountId: Id;
}

/** The input of `timelines.home`. */
export interface GetHomeTimelineInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `media.get`. */
export interface GetMediaInput {
  mediaId: Id;
}

/** The input of `posts.get`. */
export interface GetPostInput {
  postId: Id;
  include?: 'replies' | undefined;
}

/** The input of `timelines.public`. */
export interface GetPublicTimelineInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `replies.get`. */
export interface GetReplyInput {
  replyId: Id;
}

/** A name for an account, unique whatever its case. */
export type Handle = string;

export interface Hashtag {
  /** Without the #. */
  tag: string;
  /** First code point. */
  start: Count;
  /** Code point after the last. */
  end: Count;
}

/** A 64-bit snowflake id as a decimal string of 19 digits, at most 9223372036854775807. */
export type Id = string;

export interface InputIssue {
  in: 'path' | 'query' | 'headers' | 'body';
  /** Dotted, such as `entities.0.start`; empty for the whole. */
  path: string;
  code: string;
  message: string;
}

export interface Instance {
  name: string;
  version: string;
  services: ('posts' | 'social' | 'profile')[];
  /** Whether `GET /v1/timelines/public` answers. */
  publicTimeline: boolean;
  limits: InstanceLimits;
  media: MediaLimits;
  /** By policy; null where it does not apply. Empty when limits are off. */
  rateLimits: Record<string, {
    perAccount: RateLimitPolicy | null;
    perAddress: RateLimitPolicy | null;
  }>;
}

export interface InstanceLimits {
  textWeightedLengthMax: Count;
  handleLengthMax: Count;
  displayNameLengthMax: Count;
  bioLengthMax: Count;
  passwordBytesMin: Count;
  passwordBytesMax: Count;
  jsonBodyBytesMax: Count;
  pageSizeDefault: Count;
  pageSizeMax: Count;
  timelineLength: Count;
  followsPerAccountMax: Count;
  blocksPerAccountMax: Count;
  mutesPerAccountMax: Count;
}

/** The input of `posts.like`. */
export interface LikePostInput {
  postId: Id;
}

/** The input of `replies.like`. */
export interface LikeReplyInput {
  replyId: Id;
}

export interface LikeState {
  liked: boolean;
  likeCount: Count;
}

export interface LikedItem {
  kind: 'post' | 'reply';
  /** Of a liked post. */
  postId?: Id;
  /** Of a liked reply. */
  replyId?: Id;
  /** Absent when you may no longer see it. */
  post?: Post;
  /** Absent when you may no longer see it. */
  reply?: Reply;
}

export type LikedItemPage = Page<LikedItem>;

/** The input of `accounts.listPosts`. */
export interface ListAccountPostsInput {
  accountId: Id;
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `admin.listAccounts`. */
export interface ListAllAccountsInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
  status?: 'active' | 'suspended' | undefined;
}

/** The input of `admin.listAuditLog`. */
export interface ListAuditLogInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `accounts.listBlocks`. */
export interface ListBlocksInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `accounts.listFollowers`. */
export interface ListFollowersInput {
  accountId: Id;
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `accounts.listFollowing`. */
export interface ListFollowingInput {
  accountId: Id;
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `accounts.listLikes`. */
export interface ListLikedPostsInput {
  accountId: Id;
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `accounts.listMutes`. */
export interface ListMutesInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `me.listLikes`. */
export interface ListMyLikesInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `admin.listParkedMessages`. */
export interface ListParkedMessagesInput {
  queue: QueueName;
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: MessageId | undefined;
}

/** The input of `posts.listLikes`. */
export interface ListPostLikesInput {
  postId: Id;
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `recommendations.listAccounts`. */
export interface ListRecommendedAccountsInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
}

/** The input of `relationships.list`. */
export interface ListRelationshipsInput {
  accountIds: readonly Id[];
}

/** The input of `replies.list`. */
export interface ListRepliesInput {
  postId: Id;
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `sessions.list`. */
export interface ListSessionsInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

/** The input of `tokens.list`. */
export interface ListTokensInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
}

export interface Me {
  accountId: Id;
  handle: Handle;
  displayName: string;
  avatar: Avatar | null;
  /** A wide picture behind the profile. */
  banner: Media | null;
  bio: string;
  counts: AccountCounts;
  createdAt: Timestamp;
  role: Role;
}

export interface Media {
  mediaId: Id;
  kind: 'image' | 'animation' | 'video';
  /** Images are ready at once; a video may be processing for a while. */
  state: 'processing' | 'ready' | 'failed';
  /** Of `url`; null until it is ready. */
  mimeType: MediaMimeType | null;
  /** Pixels. */
  width: Count;
  /** Pixels. */
  height: Count;
  /** Of `url`; null until it is ready. */
  bytes: Count | null;
  /** Videos only: milliseconds. */
  durationMs?: Count;
  altText: string;
  focus: Focus;
  /** A placeholder of some 25 bytes in base64 (ThumbHash); null until it is known. */
  thumbhash: string | null;
  /** The largest variant, or the video; null until it is ready. */
  url: string | null;
  variants: MediaVariant[];
}

export interface MediaChanges {
  altText?: NewAltText | undefined;
  focus?: Focus | undefined;
}

/** At most 4 media of yours that are attached to nothing yet, in the order to show them. */
export type MediaIds = readonly Id[];

export interface MediaLimits {
  imageBytesMax: Count;
  videoBytesMax: Count;
  /** Width times height of an image or frame. */
  pixelsMax: Count;
  /** Of an animation. */
  framesMax: Count;
  videoSecondsMax: Count;
  /** All that an account has stored. */
  accountBytesMax: Count;
  /** How long an upload is kept that is attached to nothing. */
  unattachedSeconds: Count;
  /** Of one post or reply. */
  attachmentsMax: Count;
  altTextLengthMax: Count;
  /** What may be uploaded. */
  mimeTypes: string[];
}

/** What is served, whatever was uploaded. */
export type MediaMimeType = 'image/webp' | 'video/mp4' | 'video/webm';

export interface MediaVariant {
  /** Images: at most 400, 1,200 and 2,400 pixels wide, never enlarged, and two squares around the focus. Videos: a poster. */
  name: 'small' | 'medium' | 'large' | 'square96' | 'square400' | 'poster';
  url: string;
  width: Count;
  height: Count;
  mimeType: MediaMimeType;
  bytes: Count;
}

export interface Mention {
  handle: Handle;
  /** First code point. */
  start: Count;
  /** Code point after the last. */
  end: Count;
}

export interface MessageCount {
  /** How many it was done to. */
  count: Count;
}

/** Names a parked message within its queue; their order is that of the list. */
export type MessageId = string;

export interface MessageSelection {
  /** Which of them; all that are parked there when it is left out. */
  messageIds?: readonly MessageId[] | undefined;
}

export type Milliseconds = number;

/** The input of `accounts.mute`. */
export interface MuteAccountInput {
  accountId: Id;
}

export interface NewAccount {
  handle: Handle;
  password: NewPassword;
  displayName?: NewDisplayName | undefined;
}

/** A description for those who cannot see it: at most 1500 characters (code points). */
export type NewAltText = string;

/** At most 300 characters (code points), in one line or several, without control, bidirectional or tag characters. Trimmed, and kept in Unicode normalisation form C. */
export type NewBio = string;

/** One line of at most 50 characters (code points), without control, bidirectional or tag characters. Trimmed, and kept in Unicode normalisation form C. */
export type NewDisplayName = string;

/** 10 to 1024 bytes in UTF-8, not one of the common passwords. */
export type NewPassword = string;

export interface NewPost {
  text: NewText;
  /** Default: `'public'`. */
  visibility?: Visibility | undefined;
  /** Default: `[]`. */
  mediaIds?: MediaIds | undefined;
}

export interface NewReply {
  text: NewText;
  parentReplyId?: Id | undefined;
  /** Default: `[]`. */
  mediaIds?: MediaIds | undefined;
}

/** The weighted length, as twitter-text counts it, is at most `limits.textWeightedLengthMax` of GET /v1/instance. No NUL, no lone surrogates. Empty only with media. */
export type NewText = string;

/** ISO 8601 with `Z` or an offset. Kept in UTC, to the millisecond. */
export type NewTimestamp = string;

export interface NewToken {
  password: Password;
  name: string;
  scopes: readonly Scope[];
  expiresAt?: NewTimestamp | undefined;
}

/** Send it as `cursor` to get the next page; null at the end of the list. */
export type NextCursor = string | null;

export interface ParkedMessage {
  messageId: MessageId;
  queue: QueueName;
  /** The event or job; `{ unreadable }` with what was sent when it cannot be read. */
  payload: Record<string, string>;
  /** What failed the last time. */
  error: string;
  parkedAt: Timestamp;
}

export type ParkedMessagePage = Page<ParkedMessage>;

export type Password = string;

export interface PasswordChange {
  currentPassword: Password;
  newPassword: NewPassword;
}

export interface PasswordReset {
  /** For `resetPassword`. Shown only now. */
  token: string;
  /** A page to open in a browser; the token is part of it. */
  url: string;
  expiresAt: Timestamp;
}

export interface PasswordResetUse {
  token: string;
  newPassword: NewPassword;
}

export interface Post {
  postId: Id;
  author: AccountSummary;
  text: string;
  entities: TextEntities;
  /** In the order of `mediaIds`. */
  media: Media[];
  visibility: Visibility;
  createdAt: Timestamp;
  likeCount: Count;
  replyCount: Count;
  /** Whether the viewer likes it. */
  liked: boolean;
}

export type PostPage = Page<Post>;

export interface PostWithReplies {
  postId: Id;
  author: AccountSummary;
  text: string;
  entities: TextEntities;
  /** In the order of `mediaIds`. */
  media: Media[];
  visibility: Visibility;
  createdAt: Timestamp;
  likeCount: Count;
  replyCount: Count;
  /** Whether the viewer likes it. */
  liked: boolean;
  replies?: ReplyPage;
}

export interface Problem {
  /** A page about the code. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  /** Names this request in the log. */
  requestId: string;
  /** With `invalid_input`: every place that is not valid. Of an upload that is refused: which file, if it has several. */
  errors?: InputIssue[];
}

export type ProcessRole = 'all' | 'server' | 'worker' | 'relay';

export interface ProcessStatus {
  /** Random; changes with each start. */
  processId: string;
  /** `all`: server, worker and relay in one. */
  role: ProcessRole;
  /** Of Twite. */
  version: string;
  /** Its machine and process id. */
  host: string;
  /** Whose operations it serves; empty for workers and relays. */
  services: string[];
  /** Events and jobs that it works on; empty for servers and relays. */
  consumers: string[];
  startedAt: Timestamp;
  /** When it reported this: every five seconds, and when a dependency changes. Now, for the server that answers. */
  reportedAt: Timestamp;
  /** Those that this process uses, as it sees them. */
  dependencies: DependencyStatus[];
}

export interface QueueList {
  items: QueueState[];
}

/** The name of a consumer, `jobs.` and a class of jobs (`jobs.fanOut`, `jobs.reconcile`, `jobs.media`), or `relay`: changes that the relay could not read. `jobs`: jobs of releases before there were classes. */
export type QueueName = string;

export interface QueueState {
  queue: QueueName;
  /** Processes that work on it now. At 0, what comes waits. */
  workers: Count;
  /** Not handled yet, those being worked on included. */
  waiting: Count;
  /** How long ago the oldest of them came; null when none waits, or it is not known. */
  oldestMs: Milliseconds | null;
  /** Put aside after five attempts, or because they could not be read. */
  parked: Count;
}

export interface RateLimitPolicy {
  limit: number;
  windowSeconds: number;
}

export interface RecommendationReason {
  /** `followed_by_followees`: accounts that you follow, follow it. `popular`: many follow it, and it posted lately. */
  kind: 'followed_by_followees' | 'popular';
  /** How many of the accounts that you follow, follow this one; 0 with `popular`. */
  count: number;
  /** Some of them. */
  accounts: AccountSummary[];
}

export interface RecommendedAccount {
  accountId: Id;
  handle: Handle;
  displayName: string;
  avatar: Avatar | null;
  /** A wide picture behind the profile. */
  banner: Media | null;
  bio: string;
  counts: AccountCounts;
  createdAt: Timestamp;
  reason: RecommendationReason;
}

export interface RecommendedAccountPage extends Page<RecommendedAccount> {
  /** The graph was away: computed from the primary store; may miss some. */
  degraded: boolean;
}

export interface RefreshRequest {
  refreshToken: string;
}

export interface Refreshed {
  session: Session;
}

/** The input of `admin.reinstateAccount`. */
export interface ReinstateAccountInput {
  accountId: Id;
}

export interface Relationship {
  accountId: Id;
  following: boolean;
  followedBy: boolean;
  blocking: boolean;
  blockedBy?: boolean;
  muting: boolean;
}

export type RelationshipPage = Page<Relationship>;

export interface RelayStatus {
  /** The process that relays now; null when none does. */
  leader: string | null;
  /** How far the newest relayed change is behind the database's time; null when it is not known. */
  lagMs: Milliseconds | null;
}

/** The input of `admin.removePost`. */
export interface RemovePostInput {
  postId: Id;
}

/** The input of `admin.removeReply`. */
export interface RemoveReplyInput {
  replyId: Id;
}

/** The input of `admin.replayParkedMessages`. */
export interface ReplayParkedMessagesInput extends MessageSelection {
  queue: QueueName;
}

export interface Reply {
  replyId: Id;
  postId: Id;
  /** The reply of the same post that this one answers. Absent when you may not see that one. */
  parentReplyId?: Id;
  author: AccountSummary;
  text: string;
  entities: TextEntities;
  media: Media[];
  createdAt: Timestamp;
  likeCount: Count;
  /** Whether the viewer likes it. */
  liked: boolean;
}

export type ReplyPage = Page<Reply>;

/** What an account may do to others: each role may do what those before it may. */
export type Role = 'user' | 'moderator' | 'admin';

export interface RoleChange {
  role: Role;
}

/** What a token may be used for: reading, writing, or moderating and administering. */
export type Scope = 'read' | 'write' | 'admin';

/** The input of `search.accounts`. */
export interface SearchAccountsInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
  /** What to look for. */
  q: string;
}

/** The input of `search.posts`. */
export interface SearchPostsInput {
  /** How many items a page holds at the most. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: Id | undefined;
  /** What to look for. */
  q: string;
}

export interface Session {
  sessionId: Id;
  accessToken: string;
  refreshToken: string;
  /** When the access token ends. */
  expiresAt: Timestamp;
}

export interface SessionInfo {
  sessionId: Id;
  /** Whether the request came with it. */
  current: boolean;
  userAgent: string | null;
  createdAt: Timestamp;
  /** When it was last refreshed. */
  lastUsedAt: Timestamp;
  /** When it ends unless it is refreshed. */
  expiresAt: Timestamp;
}

export type SessionInfoPage = Page<SessionInfo>;

/** The input of `admin.setRole`. */
export interface SetRoleInput extends RoleChange {
  accountId: Id;
}

export interface SignedIn {
  account: Me;
  session: Session;
  /** Keep it when the session ends, and send it with the next sign-in to this account: the account then stays open to this client while others guess at its password. It signs nobody in by itself. */
  deviceToken: string;
}

export interface Stats {
  accounts: Count;
  suspendedAccounts: Count;
  posts: Count;
  replies: Count;
  likes: Count;
  follows: Count;
}

export interface Status {
  engine: EngineName;
  /** Of the server that answers. */
  version: string;
  /** Those of all processes: one that any process finds away is not `up`. */
  dependencies: DependencyStatus[];
  /** null: this engine needs no relay. */
  relay: RelayStatus | null;
  /** Empty when they could not be asked: `degraded` says so. */
  queues: QueueState[];
  /** Every process of the instance that runs and has reported; the server that answers is one. */
  processes: ProcessStatus[];
  /** What does not work, or works worse, now; empty when all is well. */
  degraded: string[];
}

/** The input of `admin.suspendAccount`. */
export interface SuspendAccountInput {
  accountId: Id;
  reason?: string | undefined;
}

export interface Suspension {
  reason?: string | undefined;
}

/** The mentions, hashtags and URLs of a text; ranges count its code points. */
export interface TextEntities {
  mentions: Mention[];
  hashtags: Hashtag[];
  urls: UrlInText[];
}

/** ISO 8601 in UTC, to the millisecond. */
export type Timestamp = string;

export interface Token {
  tokenId: Id;
  name: string;
  scopes: Scope[];
  createdAt: Timestamp;
  expiresAt: Timestamp | null;
}

export type TokenPage = Page<Token>;

/** The input of `accounts.unblock`. */
export interface UnblockAccountInput {
  accountId: Id;
}

/** The input of `accounts.unfollow`. */
export interface UnfollowAccountInput {
  accountId: Id;
}

/** The input of `posts.unlike`. */
export interface UnlikePostInput {
  postId: Id;
}

/** The input of `replies.unlike`. */
export interface UnlikeReplyInput {
  replyId: Id;
}

/** The input of `accounts.unmute`. */
export interface UnmuteAccountInput {
  accountId: Id;
}

/** The input of `media.update`. */
export interface UpdateMediaInput extends MediaChanges {
  mediaId: Id;
}

export interface UrlInText {
  url: string;
  /** First code point. */
  start: Count;
  /** Code point after the last. */
  end: Count;
}

/** `followers`: only the author and their followers may see it. */
export type Visibility = 'public' | 'followers';
