import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { newFollow, newLike, newPost, newReply, people, reinstate, suspend } from './world.ts';

export const statsSuite: Suite = ({ factAlone }) => {
  factAlone('the contents of the instance are counted', {}, async (world) => {
    const { stats, posts, replies, likes, follows } = world.engine;
    const count = async () => {
      await world.settled();
      return stats.count();
    };
    const empty = { accounts: 0, suspendedAccounts: 0, posts: 0, replies: 0, likes: 0, follows: 0 };
    expect(await count()).toEqual(empty);
    const { alice, bob } = await people(world, 'alice', 'bob');
    const kept = await newPost(world, alice);
    const gone = await newPost(world, alice, { visibility: 'followers' });
    const replyKept = await newReply(world, kept, bob);
    const replyGone = await newReply(world, kept, bob);
    await newLike(world, bob, 'post', kept);
    await newLike(world, alice, 'post', kept);
    await newLike(world, alice, 'reply', replyKept);
    await newFollow(world, alice, bob);
    await newFollow(world, bob, alice);
    const full = { accounts: 2, suspendedAccounts: 0, posts: 2, replies: 2, likes: 3, follows: 2 };
    expect(await count()).toEqual(full);
    await posts.delete(gone);
    await replies.delete(replyGone);
    await likes.remove(alice, 'post', kept);
    await follows.unfollow(alice, bob);
    expect(await count()).toEqual({ ...full, posts: 1, replies: 1, likes: 2, follows: 1 });
    await suspend(world, bob);
    expect(await count()).toMatchObject({ suspendedAccounts: 1 });
    await reinstate(world, bob);
    expect(await count()).toMatchObject({ accounts: 2, suspendedAccounts: 0 });
  });
};
