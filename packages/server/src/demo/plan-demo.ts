import { createIdGenerator } from '@twite/core/ids/ids';
import { displayNames } from './characters.ts';
import { type Conversation, conversations } from './conversations.ts';

export interface PlannedAccount {
  readonly accountId: string;
  readonly handle: string;
  readonly displayName: string;
  readonly avatarMediaId: string;
  /** Milliseconds, like all times here. */
  readonly at: number;
}

export interface PlannedReply {
  readonly replyId: string;
  readonly by: string;
  readonly text: string;
  readonly at: number;
}

export interface PlannedPost {
  readonly postId: string;
  readonly by: string;
  readonly text: string;
  readonly picture: (NonNullable<Conversation['picture']> & { readonly mediaId: string }) | undefined;
  readonly at: number;
  readonly replies: readonly PlannedReply[];
}

export interface DemoPlan {
  readonly accounts: readonly PlannedAccount[];
  readonly posts: readonly PlannedPost[];
}

const minuteMs = 60_000;
/** The interval between posts; leaves room for the replies in between. */
const postIntervalMs = 45 * minuteMs;

/** Of the 1,024 machine numbers of ids: far from servers, which count from 0, and from the operator's 1023. */
const machines = { media: 1019, accounts: 1020, posts: 1021, replies: 1022 };

const generator = (machine: number) => {
  let now = 0;
  const ids = createIdGenerator({ clock: { now: () => now }, machine });
  return (at: number): string => {
    now = at;
    return ids.next();
  };
};

/**
 * The content of the demo, with times that end at `startedAt` and ids made from them. The same `startedAt` gives the
 * same ids, so that loading an interrupted demo again completes it.
 */
export function planDemo(startedAt: number): DemoPlan {
  const nextAccountId = generator(machines.accounts);
  const nextPostId = generator(machines.posts);
  const nextReplyId = generator(machines.replies);
  const nextMediaId = generator(machines.media);
  const firstPostAt = startedAt - conversations.length * postIntervalMs;
  const accountsAt = firstPostAt - 60 * minuteMs;

  const accounts = Object.entries(displayNames).map(([handle, displayName], index) => {
    const at = accountsAt + index * 1_000;
    return { accountId: nextAccountId(at), handle, displayName, avatarMediaId: nextMediaId(at), at };
  });
  const posts = conversations.map(({ by, text, picture, replies = [] }, index) => {
    const at = firstPostAt + index * postIntervalMs;
    const planned = replies.map(([replier, words], replyIndex) => {
      const replyAt = at + (replyIndex + 1) * 4 * minuteMs;
      return { replyId: nextReplyId(replyAt), by: replier, text: words, at: replyAt };
    });
    return {
      postId: nextPostId(at),
      by,
      text,
      picture: picture && { ...picture, mediaId: nextMediaId(at) },
      at,
      replies: planned,
    };
  });
  return { accounts, posts };
}
