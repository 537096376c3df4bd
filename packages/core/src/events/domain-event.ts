/** So that nobody looks for media of what has none. */
interface MediaMark {
  /** It was written without media. Missing: it may have some, as far as this event knows. */
  readonly media?: 'none';
}

interface EventPayloads {
  accountCreated: { readonly accountId: string };
  /** Name, bio, avatar, banner or role. */
  accountUpdated: { readonly accountId: string };
  /** Suspended, reinstated or deleted: read the account to know. */
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
  /** Published, changed or removed: read the record to know. */
  mediaChanged: { readonly mediaId: string };
  accountMuted: { readonly accountId: string; readonly targetId: string };
  accountUnmuted: { readonly accountId: string; readonly targetId: string };
}

export type EventType = keyof EventPayloads;

/** For the event of something that was written with these media. */
export const markMedia = (media: readonly unknown[]): MediaMark =>
  media.length === 0 ? { media: 'none' } : {};

/** Something that durably happened. Carries ids: consumers read what they need. */
export type DomainEvent = {
  [T in EventType]: { readonly type: T } & EventPayloads[T];
}[EventType];

export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>;
