import { createAccount } from '@twite/core/accounts/create-account';
import { updateMe } from '@twite/core/accounts/update-me';
import type { Deps } from '@twite/core/engine';
import { followAccount } from '@twite/core/follows/set-follow';
import { setLike } from '@twite/core/likes/set-like';
import { createPost } from '@twite/core/posts/create-post';
import { createReply } from '@twite/core/replies/create-reply';
import { coappearances } from './les-miserables.ts';
import { drawAvatar } from './pictures/draw-avatar.ts';
import { drawLandscape, landscapes } from './pictures/draw-landscape.ts';
import { openPictureUploader, type UploadPicture } from './pictures/upload-picture.ts';
import { type DemoPlan, planDemo } from './plan-demo.ts';

export interface DemoOptions {
  /** Of every account of the demo. */
  readonly password: string;
  /** Milliseconds: when the demo was begun. Given again, what was interrupted is completed. */
  readonly startedAt: number;
}

export interface DemoSummary {
  readonly accounts: number;
  /** Directed: two for each pair of characters. */
  readonly follows: number;
  readonly posts: number;
  readonly replies: number;
  readonly likes: number;
  /** Avatars, and pictures on posts. */
  readonly pictures: number;
}

/** Appearing together so often makes one like what the other posts. */
const likingWeight = 4;

// Writes that arrive together are committed together; more at once gain nothing.
const writesAtOnce = 100;

// They queue for the same processes; a long queue is refused.
const picturesAtOnce = 4;

/** Does all, so many at once. */
async function each<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
  atOnce = writesAtOnce,
): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce) {
    await Promise.all(items.slice(from, from + atOnce).map(act));
  }
}

async function loadAccounts(deps: Deps, plan: DemoPlan, password: string): Promise<void> {
  // All have one password, and so one hash, made once.
  const passwordHash = await deps.passwords.hash(password);
  const passwords = { ...deps.passwords, hash: async () => passwordHash };
  await each(plan.accounts, async ({ accountId, handle, displayName, at }) => {
    const then = { ...deps, passwords, clock: { now: () => at } };
    await createAccount(then, { accountId, handle, displayName, password, userAgent: null });
    // The account may be there from a load that was interrupted, with a password that nobody was told.
    await deps.accounts.setPasswordHash(accountId, passwordHash);
    await deps.sessions.deleteByAccount(accountId);
  });
}

async function loadAvatars(deps: Deps, plan: DemoPlan, upload: UploadPicture): Promise<void> {
  const drawn = plan.accounts.map((account, index) => ({ ...account, index }));
  await each(
    drawn,
    async ({ accountId, handle, displayName, avatarMediaId, index }) => {
      await upload({
        mediaId: avatarMediaId,
        ownerId: accountId,
        png: drawAvatar(handle, index),
        altText: `Coloured circles that stand for ${displayName}.`,
      });
      await updateMe(deps, accountId, { avatarMediaId });
    },
    picturesAtOnce,
  );
}

/** Loads the characters of Les Misérables, who know whom they appear with. Repeating it with the same `startedAt` is harmless. */
export async function loadDemo(deps: Deps, { password, startedAt }: DemoOptions): Promise<DemoSummary> {
  const plan = planDemo(startedAt);
  const accountIds = new Map(plan.accounts.map(({ handle, accountId }) => [handle, accountId]));
  const accountIdOf = (handle: string): string => {
    const accountId = accountIds.get(handle);
    if (accountId === undefined) throw new Error(`the demo has no account ${handle}`);
    return accountId;
  };

  await loadAccounts(deps, plan, password);

  await using uploader = await openPictureUploader(deps);
  const { upload } = uploader;
  await loadAvatars(deps, plan, upload);

  const follows = coappearances.flatMap(({ a, b }) => [[a, b] as const, [b, a] as const]);
  await each(follows, ([follower, followee]) =>
    followAccount(deps, accountIdOf(follower), accountIdOf(followee)),
  );

  const pictures = plan.posts.flatMap(({ by, picture }) => (picture ? [{ ...picture, by }] : []));
  await each(
    pictures,
    ({ mediaId, by, landscape, altText }) =>
      upload({ mediaId, ownerId: accountIdOf(by), png: drawLandscape(landscapes[landscape]), altText }),
    picturesAtOnce,
  );

  await each(plan.posts, ({ postId, by, text, picture, at }) =>
    createPost(
      { ...deps, clock: { now: () => at } },
      {
        postId,
        authorId: accountIdOf(by),
        text,
        visibility: 'public',
        mediaIds: picture ? [picture.mediaId] : [],
      },
    ),
  );

  const replies = plan.posts.flatMap(({ postId, replies }) => replies.map((reply) => ({ ...reply, postId })));
  await each(replies, ({ replyId, postId, by, text, at }) =>
    createReply(
      { ...deps, clock: { now: () => at } },
      { replyId, postId, authorId: accountIdOf(by), text, mediaIds: [] },
    ),
  );

  const likes = plan.posts.flatMap(({ postId, by }) =>
    coappearances
      .filter(({ a, b, weight }) => weight >= likingWeight && (a === by || b === by))
      .map(({ a, b }) => ({ postId, by: a === by ? b : a })),
  );
  await each(likes, ({ postId, by }) => setLike(deps, accountIdOf(by), 'post', postId, true));

  return {
    accounts: plan.accounts.length,
    follows: follows.length,
    posts: plan.posts.length,
    replies: replies.length,
    likes: likes.length,
    pictures: plan.accounts.length + pictures.length,
  };
}
