import { contract, operationIds, type Post, type Reply } from '@twite/contract';
import { getAccountByHandle } from '@twite/core/accounts/get-account-by-handle';
import { listBlocks } from '@twite/core/blocks/list-blocks';
import type { Deps } from '@twite/core/engine';
import { listFollowing } from '@twite/core/follows/list-following';
import { listRelationships } from '@twite/core/follows/list-relationships';
import { like, unlike } from '@twite/core/likes/like-subject';
import { listMyLikes } from '@twite/core/likes/list-my-likes';
import { listMutes } from '@twite/core/mutes/list-mutes';
import { viewPost } from '@twite/core/posts/view-posts';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { openSociety, type Person, type Society, type StartWorkers } from './society.ts';

/** A person who acts on another person, their post or reply. */
interface Case {
  readonly me: Person;
  readonly other: Person;
  readonly post: Post;
  readonly reply: Reply;
}

interface Deed {
  readonly undoneBy: string;
  readonly doIt: (deps: Deps, it: Case) => Promise<unknown>;
  readonly undo: (deps: Deps, it: Case) => Promise<unknown>;
  /** Whether the actor's own list shows it. */
  readonly isListed: (deps: Deps, it: Case) => Promise<boolean>;
  /** The fates that end it by themselves: there is nothing left to undo. */
  readonly endedBy: readonly Fate[];
}

type Fate = keyof typeof fates;

/** What happens to the other side after the deed. */
const fates = {
  nothing: async () => undefined,
  suspended: (society: Society, { other }: Case) => society.suspend(other),
  deleted: (society: Society, { other }: Case) => society.remove(other),
  blocksMe: (_society: Society, { me, other }: Case) => other.block(me),
  isBlockedByMe: (_society: Society, { me, other }: Case) => me.block(other),
  blocksMeAndIsSuspended: async (society: Society, { me, other }: Case) => {
    await other.block(me);
    await society.suspend(other);
  },
  // The post is for followers only.
  isUnfollowedByMe: (_society: Society, { me, other }: Case) => me.unfollow(other),
  deletedThePost: (_society: Society, { other, post }: Case) => other.deletePost(post.postId),
};

const all = { limit: 100 };
const holds = (page: { readonly items: readonly { readonly accountId: string }[] }, { other }: Case) =>
  page.items.some(({ accountId }) => accountId === other.accountId);

async function likesIt(deps: Deps, { me }: Case, id: string): Promise<boolean> {
  const { items } = await listMyLikes(deps, me.accountId, all);
  return items.some(({ postId, replyId }) => postId === id || replyId === id);
}

const deeds: Readonly<Record<string, Deed>> = {
  followAccount: {
    undoneBy: 'unfollowAccount',
    doIt: async (_deps, { me, other }) => me.follow(other),
    undo: async (_deps, { me, other }) => me.unfollow(other),
    isListed: async (deps, it) => holds(await listFollowing(deps, it.me.accountId, it.me.accountId, all), it),
    endedBy: ['deleted', 'blocksMe', 'blocksMeAndIsSuspended', 'isBlockedByMe', 'isUnfollowedByMe'],
  },
  muteAccount: {
    undoneBy: 'unmuteAccount',
    doIt: async (_deps, { me, other }) => me.mute(other),
    undo: async (_deps, { me, other }) => me.unmute(other),
    isListed: async (deps, it) => holds(await listMutes(deps, it.me.accountId, all), it),
    endedBy: ['deleted'],
  },
  blockAccount: {
    undoneBy: 'unblockAccount',
    doIt: async (_deps, { me, other }) => me.block(other),
    undo: async (_deps, { me, other }) => me.unblock(other),
    isListed: async (deps, it) => holds(await listBlocks(deps, it.me.accountId, all), it),
    endedBy: ['deleted'],
  },
  likePost: {
    undoneBy: 'unlikePost',
    doIt: (deps, { me, post }) => like(deps, me.accountId, 'post', post.postId),
    undo: (deps, { me, post }) => unlike(deps, me.accountId, 'post', post.postId),
    isListed: (deps, it) => likesIt(deps, it, it.post.postId),
    endedBy: ['deleted', 'deletedThePost'],
  },
  likeReply: {
    undoneBy: 'unlikeReply',
    doIt: (deps, { me, reply }) => like(deps, me.accountId, 'reply', reply.replyId),
    undo: (deps, { me, reply }) => unlike(deps, me.accountId, 'reply', reply.replyId),
    isListed: (deps, it) => likesIt(deps, it, it.reply.replyId),
    endedBy: ['deleted', 'deletedThePost'],
  },
};

interface Combination {
  readonly deed: string;
  readonly fate: Fate;
}

const combinations: readonly Combination[] = Object.keys(deeds).flatMap((deed) =>
  (Object.keys(fates) as Fate[]).map((fate) => ({ deed, fate })),
);

const ofDeed = (name: string): Deed => deeds[name] as Deed;

async function setUp(society: Society, index: number): Promise<Case> {
  const [me, other] = await Promise.all([society.join(`me${index}`), society.join(`other${index}`)]);
  await me.follow(other);
  const post = await other.post('To my followers', 'followers');
  return { me, other, post, reply: await other.reply(post, 'One more thing') };
}

/** `done`, or the code of the error. */
const outcomeOf = (action: Promise<unknown>): Promise<string> =>
  action.then(
    () => 'done',
    (error: unknown) => String((error as { code?: unknown }).code ?? error),
  );

/** Eight at a time: more would exceed the deadlines of the stores on a busy machine. */
async function inTurns<T, R>(
  items: readonly T[],
  step: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += 8)
    results.push(
      ...(await Promise.all(items.slice(start, start + 8).map((item, at) => step(item, start + at)))),
    );
  return results;
}

/** Does every deed, applies every fate, and undoes everything. */
async function takeEverythingBack(
  society: Society,
  isEnded: (combination: Combination) => boolean | 'perhaps',
): Promise<void> {
  const { deps } = society;
  const results = await inTurns(combinations, async (combination, index) => {
    const it = await setUp(society, index);
    await ofDeed(combination.deed).doIt(deps, it);
    await fates[combination.fate](society, it);
    return { combination, it };
  });
  await society.settled();
  const found = await inTurns(results, async ({ combination, it }) => {
    const { isListed, undo } = ofDeed(combination.deed);
    return {
      ...combination,
      listed: await isListed(deps, it),
      undone: await outcomeOf(undo(deps, it)),
      listedAfterwards: await isListed(deps, it),
    };
  });
  expect(found).toEqual(
    combinations.map((combination, index) => {
      const { deed, fate } = combination;
      const actual = found[index];
      const verdict = isEnded(combination);
      const ended = verdict === 'perhaps' ? actual?.undone !== 'done' : verdict;
      const aboutPosts = deed.startsWith('like');
      const gone = ended && (aboutPosts || fate === 'deleted');
      const notFound = aboutPosts
        ? `${deed === 'likePost' ? 'post' : 'reply'}_not_found`
        : 'account_not_found';
      return {
        ...combination,
        // A deleted account is in no list; actions on it are erased with it.
        listed: verdict === 'perhaps' ? actual?.listed : !ended && (aboutPosts || fate !== 'deleted'),
        undone: gone ? notFound : 'done',
        listedAfterwards: false,
      };
    }),
  );
  // Undone permanently: it does not return together with the other account.
  await inTurns(results, async ({ combination, it }) => {
    if (!combination.fate.endsWith('uspended')) return;
    await society.reinstate(it.other);
    if (combination.fate === 'blocksMeAndIsSuspended') await it.other.unblock(it.me);
  });
  await society.settled();
  for (const { combination, it } of results) {
    if (!combination.fate.endsWith('uspended')) continue;
    const [relationship] = (await listRelationships(deps, it.me.accountId, [it.other.accountId])).items;
    expect({ ...combination, ...relationship }).toMatchObject({
      // A person who did not unfollow, block or get blocked still follows.
      following: combination.fate === 'suspended' && !/^(follow|block)/.test(combination.deed),
      blocking: false,
      muting: false,
    });
    const post = await viewPost(deps, it.other.accountId, it.post.postId);
    expect({ ...combination, likes: post.likeCount }).toEqual({ ...combination, likes: 0 });
  }
}

const idle: StartWorkers = async () => new AsyncDisposableStack();

/** People can list and undo their actions, whatever happened to the other side. */
export function undo(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  it('every operation that can be done and undone is covered', () => {
    const pairs = operationIds.flatMap((operationId) => {
      const { method, path, metadata } = contract[operationId];
      if (method !== 'PUT' || metadata.role !== 'user') return [];
      const undoneBy = operationIds.find(
        (id) => contract[id].method === 'DELETE' && contract[id].path === path,
      );
      return undoneBy === undefined ? [] : [[operationId, undoneBy]];
    });
    expect(
      Object.entries(deeds)
        .map(([deed, { undoneBy }]) => [deed, undoneBy])
        .sort(),
    ).toEqual(pairs.sort());
  });

  it('everything done can be listed and undone in any state of the other account', async () => {
    await using society = await openSociety(underTest, startWorkers);
    await takeEverythingBack(society, ({ deed, fate }) => ofDeed(deed).endedBy.includes(fate));
  });

  it('everything done can be undone before its consequences have settled', async () => {
    await using society = await openSociety(underTest, idle);
    const atOnce: readonly Fate[] = [
      'blocksMe',
      'blocksMeAndIsSuspended',
      'isBlockedByMe',
      'isUnfollowedByMe',
    ];
    await takeEverythingBack(society, ({ deed, fate }) => {
      if (!ofDeed(deed).endedBy.includes(fate)) return false;
      // Any other end of a deed is a consequence, which an engine may apply sooner or later.
      return deed === 'followAccount' && atOnce.includes(fate) ? true : 'perhaps';
    });
  });

  it('a suspended account can be blocked and muted, and reads nothing once it is reinstated', async () => {
    await using society = await openSociety(underTest, startWorkers);
    const { deps } = society;
    const [ann, bob] = [await society.join('ann'), await society.join('bob')];
    await bob.follow(ann);
    const post = await ann.post('Not for Bob', 'followers');
    await society.suspend(bob);
    await society.settled();
    expect(await outcomeOf(ann.follow(bob))).toBe('account_not_found');
    expect(await ann.mute(bob)).toMatchObject({ muting: true, followedBy: true });
    expect(await ann.block(bob)).toMatchObject({ blocking: true, followedBy: false });
    await society.reinstate(bob);
    await society.settled();
    expect(await outcomeOf(viewPost(deps, bob.accountId, post.postId))).toBe('post_not_found');
    await ann.unblock(bob);
    expect(await outcomeOf(viewPost(deps, bob.accountId, post.postId))).toBe('post_not_found');
  });

  it('a suspended account shows its handle to viewers with something to undo', async () => {
    await using society = await openSociety(underTest, startWorkers);
    const { deps } = society;
    const [bad, follower, followee, stranger] = [
      await society.join('bad'),
      await society.join('follower'),
      await society.join('followee'),
      await society.join('stranger'),
    ];
    await deps.accounts.update(bad.accountId, { displayName: 'Bad words', bio: 'More of them' });
    await follower.follow(bad);
    await bad.follow(followee);
    await society.suspend(bad);
    await society.settled();
    const shown = { handle: 'bad', displayName: 'bad', bio: '', suspended: true };
    for (const { accountId } of [follower, followee]) {
      expect(await getAccountByHandle(deps, accountId, 'bad')).toMatchObject(shown);
      expect((await listRelationships(deps, accountId, [bad.accountId])).items).toHaveLength(1);
    }
    const own = await listFollowing(deps, follower.accountId, follower.accountId, all);
    expect(own.items).toMatchObject([shown]);
    expect((await listFollowing(deps, stranger.accountId, follower.accountId, all)).items).toEqual([]);
    for (const viewerId of [undefined, stranger.accountId])
      expect(await outcomeOf(getAccountByHandle(deps, viewerId, 'bad'))).toBe('account_not_found');
    expect((await listRelationships(deps, stranger.accountId, [bad.accountId])).items).toEqual([]);
  });
}
