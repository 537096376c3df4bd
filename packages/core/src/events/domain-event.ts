/** Lets consumers skip the media look-up for content without media. */
interface MediaMark {
  /** `none`: written without media. If missing, it may have media, as far as this event knows. */
  readonly media?: 'none';
}

interface EventPayloads {
  accountCreated: { readonly accountId: string };
  /** A change of name, bio, avatar, banner or role. */
  accountUpdated: { readonly accountId: string };
  /** A suspension, reinstatement or deletion. Read the account to find out which. */
  accountStatusChanged: { readonly accountId: string };
  postCreated: { readonly postId: string; readonly authorId: string } & MediaMark;
  postDeleted: { readonly postId: string; readonly authorId: string };
  replyCreated: { readonly replyId: string; readonly postId: string; readonly authorId: string } & MediaMark;
  replyDeleted: { readonly replyId: string; readonly postId: string; readonly authorId: string };
  postLiked: { readonly postId: string; readonly accountId: string };
  postUnliked: { readonly postId: string; readonly accountId: string };
  replyLiked: { readonly replyId: string; readonly accountId: string };
  replyUnliked: { readonly replyId: string; readonly accountId: string };
  accountFollowed: { readonly followerId: string; readonly followeeId: string };
  accountUnfollowed: { readonly followerId: string; readonly followeeId: string };
  accountBlocked: { readonly accountId: string; readonly targetId: string };
  accountUnblocked: { readonly accountId: string; readonly targetId: string };
  /** A publication, change or removal. Read the record to find out which. */
  mediaChanged: { readonly mediaId: string };
  accountMuted: { readonly accountId: string; readonly targetId: string };
  accountUnmuted: { readonly accountId: string; readonly targetId: string };
}

export type EventType = keyof EventPayloads;

/** The media mark for the event of content that was written with these media. */
export const markMedia = (media: readonly unknown[]): MediaMark =>
  media.length === 0 ? { media: 'none' } : {};

/** Something that durably happened. Carries ids only: consumers read what they need. */
export type DomainEvent = {
  [T in EventType]: { readonly type: T } & EventPayloads[T];
}[EventType];

export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>;
