import type {
  Account,
  AccountSummary,
  AdminAccount,
  AuditEntry,
  Avatar,
  LikedItem,
  LikeState,
  Media,
  Post,
  RecommendedAccount,
  Relationship,
  Reply,
  SessionInfo,
  Token,
} from '@twite/sdk';
import { block, bold, dim, join, line, lines, type Printable, printed } from './printable.ts';
import { relativeTime } from './relative-time.ts';
import type { View } from './say-page.ts';

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** A size for people: `1.5 MiB`. */
export function bytes(size: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(size, 1)) / 10));
  return `${power === 0 ? size : (size / 1024 ** power).toFixed(1)} ${units[power]}`;
}

const who = ({ handle, displayName }: AccountSummary): Printable =>
  displayName && displayName !== handle ? line`${bold(`@${handle}`)} ${displayName}` : bold(`@${handle}`);

const dots = (parts: readonly (Printable | undefined)[]): Printable =>
  dim(
    join(
      parts.filter((part) => part !== undefined),
      ' · ',
    ),
  );

/** `[avatar] Cosette, with a broom. https://…` */
const showPicture = (
  what: string,
  { altText, url }: Pick<Avatar, 'altText'> & { readonly url: string | null },
): Printable =>
  line`  [${what}] ${altText === '' ? dim('no description') : altText}${url === null ? '' : dim(line` ${url}`)}`;

/** For display next to the text that it is attached to. */
const showMedia = (media: Media): Printable =>
  showPicture(media.state === 'ready' ? media.kind : `${media.kind}, ${media.state}`, media);

/** For display by itself. */
export const showMediaDetails = (media: Media): Printable =>
  lines([
    line`${bold(media.mediaId)}`,
    showMedia(media),
    line`  ${dots([
      line`${media.width} × ${media.height}`,
      media.durationMs === undefined ? undefined : line`${(media.durationMs / 1000).toFixed(1)} s`,
      media.bytes === null ? undefined : line`${bytes(media.bytes)}`,
      media.mimeType === null ? undefined : line`${media.mimeType}`,
      media.focus.x === 0 && media.focus.y === 0
        ? undefined
        : line`focus ${`${media.focus.x},${media.focus.y}`}`,
    ])}`,
  ]);

export const mediaView: View<Media> = {
  card: showMediaDetails,
  row: ({ mediaId, kind, state, url }) => row(mediaId, kind, state, url ?? ''),
};

const textAndMedia = ({ text, media }: Pick<Post, 'text' | 'media'>): Printable[] => [
  ...(text === '' && media.length > 0 ? [] : [block(text)]),
  ...media.map(showMedia),
];

export const showPost = (post: Post): Printable =>
  lines([
    who(post.author),
    ...textAndMedia(post),
    line`  ${dots([
      line`${post.postId}`,
      line`${relativeTime(post.createdAt)}`,
      post.visibility === 'followers' ? line`followers only` : undefined,
      line`${plural(post.likeCount, 'like')}${post.liked ? ', including yours' : ''}`,
      line`${plural(post.replyCount, 'reply', 'replies')}`,
    ])}`,
  ]);

/** Tab-separated columns for other programs. */
const row = (...columns: readonly (string | number)[]): Printable =>
  join(
    columns.map((column) => line`${column}`),
    '\t',
  );

/** A post's id, author, time and text. */
const postRow = (post: Post): Printable =>
  row(post.postId, `@${post.author.handle}`, post.createdAt, post.text);

export const postView: View<Post> = { card: showPost, row: postRow };

export const showReply = (reply: Reply): Printable =>
  lines([
    who(reply.author),
    ...textAndMedia(reply),
    line`  ${dots([
      line`${reply.replyId}`,
      reply.parentReplyId === undefined ? undefined : line`to ${reply.parentReplyId}`,
      line`${relativeTime(reply.createdAt)}`,
      line`${plural(reply.likeCount, 'like')}${reply.liked ? ', including yours' : ''}`,
    ])}`,
  ]);

const replyRow = (reply: Reply): Printable =>
  row(reply.replyId, `@${reply.author.handle}`, reply.createdAt, reply.text);

export const replyView: View<Reply> = { card: showReply, row: replyRow };

const showLikedItem = ({ kind, postId, replyId, post, reply }: LikedItem): Printable => {
  if (post) return showPost(post);
  return reply
    ? showReply(reply)
    : dim(line`a ${kind} that you can no longer see · ${postId ?? replyId ?? ''}`);
};

export const likedItemView: View<LikedItem> = {
  card: showLikedItem,
  row: ({ postId, replyId, post, reply }) =>
    post ? postRow(post) : reply ? replyRow(reply) : row(postId ?? replyId ?? '', '', '', ''),
};

export const showAccount = (account: Account): Printable => {
  if (account.suspended) return lines([line`${who(account)}  ${dim(account.accountId)}`, dim('  suspended')]);
  return lines([
    line`${who(account)}  ${dim(account.accountId)}`,
    ...(account.bio ? [block(account.bio)] : []),
    ...(account.avatar ? [showPicture('avatar', account.avatar)] : []),
    ...(account.banner ? [showPicture('banner', account.banner)] : []),
    line`  ${dots([
      line`${plural(account.counts.posts, 'post')}`,
      line`${plural(account.counts.followers, 'follower')}`,
      line`follows ${account.counts.following}`,
      line`since ${account.createdAt.slice(0, 10)}`,
    ])}`,
  ]);
};

export const showAccountLine = (account: Account): Printable =>
  line`${who(account)}  ${dots([
    account.suspended ? line`suspended` : line`${plural(account.counts.followers, 'follower')}`,
    line`${account.accountId}`,
  ])}`;

export const showLike = ({ liked, likeCount }: LikeState): Printable =>
  line`${liked ? 'Liked' : 'Not liked'}. Total: ${plural(likeCount, 'like')}.`;

export const showRelationship = (one: Relationship): Printable =>
  join(
    [
      line`${one.following ? 'you follow' : 'you do not follow'}`,
      line`${one.followedBy ? 'follows you' : 'does not follow you'}`,
      ...(one.blocking ? [line`you block`] : []),
      ...(one.blockedBy ? [line`blocks you`] : []),
      ...(one.muting ? [line`you mute`] : []),
    ],
    ', ',
  );

const showReason = ({ kind, accounts, count }: RecommendedAccount['reason']): Printable =>
  kind === 'popular'
    ? line`popular, and posted recently`
    : line`followed by ${accounts.map(({ handle }) => `@${handle}`).join(', ')}${
        count > accounts.length ? ` and ${count - accounts.length} more` : ''
      }`;

export const recommendationView: View<RecommendedAccount> = {
  card: ({ reason, ...account }) => lines([showAccountLine(account), line`  ${dim(showReason(reason))}`]),
  row: ({ reason, ...account }) =>
    row(account.accountId, `@${account.handle}`, account.counts?.followers ?? 0, printed(showReason(reason))),
};

export const showSession = (one: SessionInfo): Printable =>
  line`${bold(one.sessionId)} ${dots([
    one.current ? line`current` : undefined,
    line`${one.userAgent ?? 'unknown client'}`,
    line`last used ${relativeTime(one.lastUsedAt)}`,
    line`expires ${one.expiresAt.slice(0, 10)}`,
  ])}`;

export const showToken = (token: Token): Printable =>
  line`${bold(token.tokenId)} ${token.name} ${dots([
    line`${token.scopes.join(', ')}`,
    line`created ${relativeTime(token.createdAt)}`,
    line`${token.expiresAt === null ? 'never expires' : `expires ${token.expiresAt.slice(0, 10)}`}`,
  ])}`;

export const showAdminAccount = (account: AdminAccount): Printable =>
  line`${showAccountLine(account)}${account.role === 'user' ? '' : ` ${account.role}`}${
    account.suspendedAt === null
      ? ''
      : ` suspended ${relativeTime(account.suspendedAt)}${account.suspensionReason ? `: ${account.suspensionReason}` : ''}`
  }`;

export const showAuditEntry = (entry: AuditEntry): Printable =>
  line`${dim(entry.createdAt)} ${entry.actor ? `@${entry.actor.handle}` : 'the operator'} ${entry.action} ${
    entry.subject ? `@${entry.subject.handle}` : entry.subjectId
  }${entry.detail === null ? '' : `: ${entry.detail}`}`;
