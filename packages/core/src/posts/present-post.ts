import type { Post } from '@twite/contract';
import type { AccountRecord } from '../accounts/account-store.ts';
import { presentAccountSummary } from '../accounts/present-account.ts';
import { isoTime } from '../clock.ts';
import type { Deps } from '../engine.ts';
import type { MediaSnapshot } from '../media/media-record.ts';
import { isSameMedia, presentMedia } from '../media/present-media.ts';
import type { PostRecord } from './post-store.ts';

interface Presented {
  readonly handle: string;
  readonly displayName: string;
  readonly avatar: MediaSnapshot | null;
  readonly notLiked: Post;
  liked?: Post;
}

// Records are frozen and keep their identity while unchanged, so identity is their version. A post is presented once
// for all viewers, and servers may cache the serialised form by the identity of the returned object.
const presented = new WeakMap<PostRecord, Presented>();

const freeze = (post: Post): Post => Object.freeze({ ...post, author: Object.freeze(post.author) });

/** The post as everyone sees it, except for `liked`. Frozen; the same object until one of its fields changes. */
export function presentPost(
  deps: Pick<Deps, 'mediaUrl'>,
  record: PostRecord,
  author: AccountRecord,
  liked: boolean,
): Post {
  let entry = presented.get(record);
  if (
    entry?.handle !== author.handle ||
    entry.displayName !== author.displayName ||
    !isSameMedia(entry.avatar, author.avatar)
  ) {
    const notLiked = freeze({
      postId: record.postId,
      author: presentAccountSummary(deps, author),
      text: record.text,
      entities: record.entities,
      media: record.media.map((media) => presentMedia(deps.mediaUrl, media)),
      visibility: record.visibility,
      createdAt: isoTime(record.createdAt),
      likeCount: record.likeCount,
      replyCount: record.replyCount,
      liked: false,
    });
    const { handle, displayName, avatar } = author;
    entry = { handle, displayName, avatar, notLiked };
    presented.set(record, entry);
  }
  if (!liked) return entry.notLiked;
  entry.liked ??= freeze({ ...entry.notLiked, liked: true });
  return entry.liked;
}
