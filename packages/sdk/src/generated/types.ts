// Generated from @twite/contract by packages/sdk/scripts/generate.ts: do not edit, run `npm run generate`.

import type { Page } from '../page.ts';

export interface Account {
  accountId: Id;
  handle: Handle;
  displayName: string;
  avatar: Avatar | null;
  /** A wide picture shown at the top of the profile. */
  banner: Media | null;
  bio: string;
  counts: AccountCounts;
  createdAt: Timestamp;
  /** `true` for a suspended account; otherwise absent. Only the handle of a suspended account is visible, and only to accounts that follow, block or mute it and to accounts that it follows. */
  suspended?: boolean;
}

export interface AccountChanges {
  displayName?: NewDisplayName | undefined;
  bio?: NewBio | undefined;
  /** The id of an image that you uploaded and have not attached yet; `null` removes the avatar. */
  avatarMediaId?: Id | null | undefined;
  /** The id of an image that you uploaded and have not attached yet; `null` removes the banner. */
  bannerMediaId?: Id | null | undefined;
}

/** The number of posts, followers and followed accounts. The same for every viewer, so lists that leave out hidden accounts can be shorter. */
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
  /** A wide picture shown at the top of the profile. */
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
  /** `null` if the operator did it on the server. */
  actor: AuditAccount | null;
  /** The account with the id `subjectId`; `null` if the action was on something else. */
  subject: AuditAccount | null;
  /** The id of the affected account, post or reply, or the name of the affected queue. */
  subjectId: string;
  /** The reason for a suspension, the new role, or the number of messages. */
  detail: string | null;
  createdAt: Timestamp;
}

export type AuditEntryPage = Page<AuditEntry>;

export interface Avatar {
  mediaId: Id;
  /** The URL of a square image, at most 400 pixels wide. */
  url: string;
  /** The URL of a square image, at most 96 pixels wide. */
  smallUrl: string;
  altText: string;
  /** A placeholder image (ThumbHash, about 25 bytes) in base64; `null` until it is computed. */
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
  /** The token to send as `Authorization: Bearer`. You cannot retrieve it again. */
  secret: string;
}

export interface Credentials {
  handle: Handle;
  password: Password;
  /** The `deviceToken` of the last sign-in to this account from this client. */
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
  /** `open`: after repeated failures, the circuit breaker rejects calls for now. */
  state: DependencyState;
  /** Whether the instance cannot work without it. */
  primary: boolean;
  /** The response time of the last check; `null` if it failed. */
  latencyMs: Milliseconds | null;
  /** What is unavailable or degraded while this dependency is down; `null` while it is up. */
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
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
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
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `replies.get`. */
export interface GetReplyInput {
  replyId: Id;
}

/** The name of an account. Unique, ignoring case. */
export type Handle = string;

export interface Hashtag {
  /** The hashtag without `#`. */
  tag: string;
  /** The index of the first code point. */
  start: Count;
  /** The index after the last code point. */
  end: Count;
}

/** A 64-bit snowflake id as a decimal string of 19 digits, at most 9223372036854775807. */
export type Id = string;

export interface InputIssue {
  in: 'path' | 'query' | 'headers' | 'body';
  /** A dotted path, such as `entities.0.start`; empty for the whole input. */
  path: string;
  code: string;
  message: string;
}

export interface Instance {
  name: string;
  version: string;
  services: ('posts' | 'social' | 'profile')[];
  /** Whether the public timeline, `GET /v1/timelines/public`, is available. */
  publicTimeline: boolean;
  limits: InstanceLimits;
  media: MediaLimits;
  /** The limits of each policy, by its name; `null` if there is no limit. Empty when rate limits are off. */
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
  /** The id of the liked post. */
  postId?: Id;
  /** The id of the liked reply. */
  replyId?: Id;
  /** The liked post. Absent if you are no longer allowed to see it. */
  post?: Post;
  /** The liked reply. Absent if you are no longer allowed to see it. */
  reply?: Reply;
}

export type LikedItemPage = Page<LikedItem>;

/** The input of `accounts.listPosts`. */
export interface ListAccountPostsInput {
  accountId: Id;
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `admin.listAccounts`. */
export interface ListAllAccountsInput {
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
  status?: 'active' | 'suspended' | undefined;
}

/** The input of `admin.listAuditLog`. */
export interface ListAuditLogInput {
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `accounts.listBlocks`. */
export interface ListBlocksInput {
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `accounts.listFollowers`. */
export interface ListFollowersInput {
  accountId: Id;
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `accounts.listFollowing`. */
export interface ListFollowingInput {
  accountId: Id;
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `accounts.listLikes`. */
export interface ListLikedPostsInput {
  accountId: Id;
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `accounts.listMutes`. */
export interface ListMutesInput {
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `me.listLikes`. */
export interface ListMyLikesInput {
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `admin.listParkedMessages`. */
export interface ListParkedMessagesInput {
  queue: QueueName;
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: MessageId | undefined;
}

/** The input of `posts.listLikes`. */
export interface ListPostLikesInput {
  postId: Id;
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `recommendations.listAccounts`. */
export interface ListRecommendedAccountsInput {
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
}

/** The input of `relationships.list`. */
export interface ListRelationshipsInput {
  accountIds: readonly Id[];
}

/** The input of `replies.list`. */
export interface ListRepliesInput {
  postId: Id;
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `sessions.list`. */
export interface ListSessionsInput {
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

/** The input of `tokens.list`. */
export interface ListTokensInput {
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
}

export interface Me {
  accountId: Id;
  handle: Handle;
  displayName: string;
  avatar: Avatar | null;
  /** A wide picture shown at the top of the profile. */
  banner: Media | null;
  bio: string;
  counts: AccountCounts;
  createdAt: Timestamp;
  role: Role;
}

export interface Media {
  mediaId: Id;
  kind: 'image' | 'animation' | 'video';
  /** Images are ready immediately; a video can take a while to process. */
  state: 'processing' | 'ready' | 'failed';
  /** The media type of the file at `url`; `null` until it is ready. */
  mimeType: MediaMimeType | null;
  /** The width in pixels. */
  width: Count;
  /** The height in pixels. */
  height: Count;
  /** The size of the file at `url`; `null` until it is ready. */
  bytes: Count | null;
  /** The duration of a video in milliseconds; absent for images. */
  durationMs?: Count;
  altText: string;
  focus: Focus;
  /** A placeholder image (ThumbHash, about 25 bytes) in base64; `null` until it is computed. */
  thumbhash: string | null;
  /** The URL of the largest variant, or of the video; `null` until it is ready. */
  url: string | null;
  variants: MediaVariant[];
}

export interface MediaChanges {
  altText?: NewAltText | undefined;
  focus?: Focus | undefined;
}

/** The ids of at most 4 media files that you uploaded and have not attached yet, in display order. */
export type MediaIds = readonly Id[];

export interface MediaLimits {
  imageBytesMax: Count;
  videoBytesMax: Count;
  /** The maximum width × height of an image or frame, in pixels. */
  pixelsMax: Count;
  /** The maximum number of frames of an animation. */
  framesMax: Count;
  videoSecondsMax: Count;
  /** The storage quota of an account, in bytes. */
  accountBytesMax: Count;
  /** The number of seconds after which an upload is deleted unless it is attached. */
  unattachedSeconds: Count;
  /** The maximum number of media files of a post or reply. */
  attachmentsMax: Count;
  altTextLengthMax: Count;
  /** The media types that you can upload. */
  mimeTypes: string[];
}

/** The media type of the served file, which can differ from that of the uploaded file. */
export type MediaMimeType = 'image/webp' | 'video/mp4' | 'video/webm';

export interface MediaVariant {
  /** Images have `small`, `medium` and `large` (at most 400, 1,200 and 2,400 pixels wide; images are never enlarged) and two squares cropped around the focus. Videos have a `poster`. */
  name: 'small' | 'medium' | 'large' | 'square96' | 'square400' | 'poster';
  url: string;
  width: Count;
  height: Count;
  mimeType: MediaMimeType;
  bytes: Count;
}

export interface Mention {
  handle: Handle;
  /** The index of the first code point. */
  start: Count;
  /** The index after the last code point. */
  end: Count;
}

export interface MessageCount {
  /** The number of messages that were replayed or dropped. */
  count: Count;
}

/** Identifies a parked message within its queue. Lists are ordered by it. */
export type MessageId = string;

export interface MessageSelection {
  /** The ids of the messages. Default: all parked messages of the queue. */
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

/** A description for people who cannot see the image or video, of at most 1500 characters (code points). */
export type NewAltText = string;

/** At most 300 characters (code points), on one or more lines, without control characters, bidirectional controls or tag characters. The server trims it and stores it in Unicode normalization form C. */
export type NewBio = string;

/** One line of at most 50 characters (code points), without control characters, bidirectional controls or tag characters. The server trims it and stores it in Unicode normalization form C. */
export type NewDisplayName = string;

/** 10 to 1024 bytes in UTF-8. Must not be a common password. */
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

/** The weighted length, as twitter-text counts it, must not exceed `limits.textWeightedLengthMax` of GET /v1/instance. Must not contain NUL or lone surrogates. Can be empty only if media are attached. */
export type NewText = string;

/** A time in ISO 8601 format, with `Z` or an offset. Stored in UTC, with milliseconds. */
export type NewTimestamp = string;

export interface NewToken {
  password: Password;
  name: string;
  scopes: readonly Scope[];
  expiresAt?: NewTimestamp | undefined;
}

/** The `cursor` of the next page; `null` on the last page. */
export type NextCursor = string | null;

export interface ParkedMessage {
  messageId: MessageId;
  queue: QueueName;
  /** The event or job. A message that cannot be read has its raw content in `unreadable`. */
  payload: Record<string, string>;
  /** The error of the last attempt. */
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
  /** The token for `resetPassword`. You cannot retrieve it again. */
  token: string;
  /** A link for the browser, which contains the token. */
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
  /** The attached media files, in the order of `mediaIds`. */
  media: Media[];
  visibility: Visibility;
  createdAt: Timestamp;
  likeCount: Count;
  replyCount: Count;
  /** Whether you like it. */
  liked: boolean;
}

export type PostPage = Page<Post>;

export interface PostWithReplies {
  postId: Id;
  author: AccountSummary;
  text: string;
  entities: TextEntities;
  /** The attached media files, in the order of `mediaIds`. */
  media: Media[];
  visibility: Visibility;
  createdAt: Timestamp;
  likeCount: Count;
  replyCount: Count;
  /** Whether you like it. */
  liked: boolean;
  replies?: ReplyPage;
}

export interface Problem {
  /** The URL of a page that describes the code. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  /** Identifies the request in the server log. */
  requestId: string;
  /** For `invalid_input`, every invalid field. For a rejected upload of several files, the file that caused the error. */
  errors?: InputIssue[];
}

export type ProcessRole = 'all' | 'server' | 'worker' | 'relay';

export interface ProcessStatus {
  /** A random id, new with each start of the process. */
  processId: string;
  /** `all`: server, worker and relay in one process. */
  role: ProcessRole;
  /** The version of Twite that the process runs. */
  version: string;
  /** The host name and the process id of the operating system. */
  host: string;
  /** The services whose operations it serves; empty for workers and relays. */
  services: string[];
  /** The queues whose messages it handles; empty for servers and relays. */
  consumers: string[];
  startedAt: Timestamp;
  /** When the process last reported. Processes report every five seconds and when the state of a dependency changes. */
  reportedAt: Timestamp;
  /** The dependencies of this process, as it sees them. */
  dependencies: DependencyStatus[];
}

export interface QueueList {
  items: QueueState[];
}

/** The name of a consumer; the queue of a class of jobs (`jobs.fanOut`, `jobs.reconcile`, `jobs.media`); `relay` for changes that the relay could not read; or `jobs` for jobs of older releases. */
export type QueueName = string;

export interface QueueState {
  queue: QueueName;
  /** The number of processes that handle messages of this queue. With 0, all messages wait. */
  workers: Count;
  /** The number of unhandled messages, including those in progress. */
  waiting: Count;
  /** The age of the oldest waiting message; `null` if there is none or its age is unknown. */
  oldestMs: Milliseconds | null;
  /** The number of messages set aside because they failed five times or could not be read. */
  parked: Count;
}

export interface RateLimitPolicy {
  limit: number;
  windowSeconds: number;
}

export interface RecommendationReason {
  /** `followed_by_followees`: accounts that you follow also follow this account. `popular`: the account has many followers and posted recently. */
  kind: 'followed_by_followees' | 'popular';
  /** The number of accounts you follow that also follow this account; 0 for `popular`. */
  count: number;
  /** Up to three of those accounts. */
  accounts: AccountSummary[];
}

export interface RecommendedAccount {
  accountId: Id;
  handle: Handle;
  displayName: string;
  avatar: Avatar | null;
  /** A wide picture shown at the top of the profile. */
  banner: Media | null;
  bio: string;
  counts: AccountCounts;
  createdAt: Timestamp;
  reason: RecommendationReason;
}

export interface RecommendedAccountPage extends Page<RecommendedAccount> {
  /** `true` while the recommendation service is unavailable; the list may then be incomplete. */
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
  /** The process that publishes changes now; `null` if there is none. */
  leader: string | null;
  /** The age of the newest published change when it was published; `null` if unknown. */
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
  /** The reply that this reply answers, if any. Absent if you are not allowed to see it. */
  parentReplyId?: Id;
  author: AccountSummary;
  text: string;
  entities: TextEntities;
  media: Media[];
  createdAt: Timestamp;
  likeCount: Count;
  /** Whether you like it. */
  liked: boolean;
}

export type ReplyPage = Page<Reply>;

/** The permissions of an account. Each role includes those before it. */
export type Role = 'user' | 'moderator' | 'admin';

export interface RoleChange {
  role: Role;
}

/** What a token can be used for: reading, writing, or moderation and administration. */
export type Scope = 'read' | 'write' | 'admin';

/** The input of `search.accounts`. */
export interface SearchAccountsInput {
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: string | undefined;
  /** The search query. */
  q: string;
}

/** The input of `search.posts`. */
export interface SearchPostsInput {
  /** The maximum number of items to return. Default: `20`. */
  limit?: number | undefined;
  /** The `nextCursor` of the previous page. */
  cursor?: Id | undefined;
  /** The search query. */
  q: string;
}

export interface Session {
  sessionId: Id;
  accessToken: string;
  refreshToken: string;
  /** When the access token expires. */
  expiresAt: Timestamp;
}

export interface SessionInfo {
  sessionId: Id;
  /** Whether this session sent the request. */
  current: boolean;
  userAgent: string | null;
  createdAt: Timestamp;
  /** When the session was last refreshed. */
  lastUsedAt: Timestamp;
  /** When the session ends unless it is refreshed. */
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
  /** Keep this token after the session ends, and send it with the next sign-in to this account. While somebody else guesses the password, clients with a device token can still sign in. The token alone does not grant access. */
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
  /** The version of the server that sent this response. */
  version: string;
  /** The dependencies of all processes. A dependency is `up` only if every process can reach it. */
  dependencies: DependencyStatus[];
  /** `null` if the engine needs no relay. */
  relay: RelayStatus | null;
  /** Empty if the state of the queues is unavailable; `degraded` then says so. */
  queues: QueueState[];
  /** All running processes of the instance, including the server that sent this response. */
  processes: ProcessStatus[];
  /** What is unavailable or degraded now; empty if everything works. */
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

/** The mentions, hashtags and URLs of a text. Positions count code points. */
export interface TextEntities {
  mentions: Mention[];
  hashtags: Hashtag[];
  urls: UrlInText[];
}

/** A time in ISO 8601 format, in UTC, with milliseconds. */
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
  /** The index of the first code point. */
  start: Count;
  /** The index after the last code point. */
  end: Count;
}

/** `followers`: only the author and their followers can see it. */
export type Visibility = 'public' | 'followers';
