import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { newest, openSociety, type Society, type StartWorkers } from './society.ts';

// No consumer runs: these facts cannot depend on clean-up.
const idle: StartWorkers = async () => new AsyncDisposableStack();

/** What must hold from the next read on, before any event is handled. */
export function atOnce(underTest: EngineUnderTest): void {
  const fact = (name: string, tell: (society: Society) => Promise<void>): void => {
    it(`at once, before any event is handled: ${name}`, async () => {
      await using society = await openSociety(underTest, idle);
      await tell(society);
    });
  };

  fact('authors see their own post', async (society) => {
    const ann = await society.join('ann');
    expect(await ann.home()).toEqual([]);
    const post = await ann.post('Hello');
    expect(await ann.home()).toEqual([post.postId]);
  });

  fact('a follow shows older posts, an unfollow hides them', async (society) => {
    const [ann, bob] = [await society.join('ann'), await society.join('bob')];
    const posts = [await ann.post('One'), await ann.post('Two', 'followers')];
    await bob.home();
    await bob.follow(ann);
    expect(await bob.home()).toEqual(newest(posts));
    await bob.unfollow(ann);
    expect(await bob.home()).toEqual([]);
  });

  fact('repeating a follow shows all posts up to then', async (society) => {
    const [ann, bob] = [await society.join('ann'), await society.join('bob')];
    const { deps } = society;
    const posts = [await ann.post('One')];
    await bob.home();
    // As left by a process that died, or lost its database, before it dropped the timeline.
    const [followerId, followeeId] = [bob.accountId, ann.accountId];
    await deps.follows.follow({ followId: deps.ids.next(), followerId, followeeId });
    for (const text of ['Two', 'Three']) {
      posts.push(await ann.post(text));
      await bob.follow(ann);
      expect(await bob.home()).toEqual(newest(posts));
    }
  });

  fact('deleting, blocking, suspending and muting hide posts of a warm timeline', async (society) => {
    const bob = await society.join('bob');
    const authors = [];
    for (const handle of ['deleter', 'blocker', 'blocked', 'suspended', 'muted', 'stays']) {
      const author = await society.join(handle);
      await bob.follow(author);
      authors.push({ author, post: await author.post(`By ${handle}`) });
    }
    expect(await bob.home()).toEqual(newest(authors.map(({ post }) => post)));
    const [deleter, blocker, blocked, suspended, muted, stays] = authors;
    if (!deleter || !blocker || !blocked || !suspended || !muted || !stays)
      throw new Error('not everyone joined');
    await deleter.author.deletePost(deleter.post.postId);
    await blocker.author.block(bob);
    await bob.block(blocked.author);
    await society.suspend(suspended.author);
    await bob.mute(muted.author);
    expect(await bob.home()).toEqual([stays.post.postId]);
    await bob.unmute(muted.author);
    expect(await bob.home()).toEqual([stays.post.postId, muted.post.postId]);
  });
}
