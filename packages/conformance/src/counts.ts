import type { LikeKind } from '@twite/core/likes/like-store';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import {
  accountOf,
  newAccount,
  newPost,
  newReply,
  postOf,
  present,
  reinstate,
  replyOf,
  settleFollows,
  suspend,
  untilDone,
  type World,
} from './world.ts';

const who = fc.nat(3);
const subject = fc.record({ kind: fc.constantFrom<LikeKind>('post', 'reply'), index: fc.nat(1) });
const step = fc.oneof(
  fc.record({ op: fc.constantFrom('like', 'unlike'), who, subject }),
  fc.record({ op: fc.constantFrom('follow', 'unfollow'), who, whom: who }),
  fc.record({ op: fc.constant('reply'), who, index: fc.nat(1) }),
  fc.record({ op: fc.constant('unreply'), nth: fc.nat(9) }),
  fc.record({ op: fc.constantFrom('suspend', 'reinstate', 'settle'), who }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Edges and statuses, counted by the most naive algorithm. */
function createNaiveCounts() {
  const likes = new Set<string>();
  const follows = new Set<string>();
  const replies: { author: number; index: number; replyId: string }[] = [];
  const isSuspended = [false, false, false, false];
  const isActive = (index: string | number | undefined) => !isSuspended[Number(index)];
  return {
    likes,
    follows,
    replies,
    isSuspended,
    likeCount: (name: string) =>
      [...likes].filter((like) => like.endsWith(`:${name}`) && isActive(like.split(':')[0])).length,
    replyCount: (index: number) =>
      replies.filter((reply) => reply.index === index && isActive(reply.author)).length,
    followerCount: (index: number) =>
      [...follows].filter((follow) => follow.endsWith(`:${index}`) && isActive(follow.split(':')[0])).length,
    followingCount: (index: number) =>
      [...follows].filter((follow) => follow.startsWith(`${index}:`) && isActive(follow.split(':')[1]))
        .length,
  };
}

async function settleAll(world: World, accountId: string, counted: boolean): Promise<void> {
  const { likes, replies } = world.engine;
  await untilDone((limit) => likes.settleAccount(accountId, counted, limit), 2);
  await settleFollows(world, accountId, counted, 2);
  await untilDone((limit) => replies.settleAuthor(accountId, counted, limit), 2);
}

/** Counts agree across the ports that keep them, whatever happens in whatever order. */
export const counts: Suite = ({ fact, propertyRuns }) => {
  fact('counts equal a naive count, also through suspensions', async (world) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const people: string[] = [];
        for (let i = 0; i < 4; i++) people.push(await newAccount(world));
        const author = await newAccount(world);
        const subjects = { post: [] as string[], reply: [] as string[] };
        for (let i = 0; i < 2; i++) subjects.post.push(await newPost(world, author));
        for (let i = 0; i < 2; i++)
          subjects.reply.push(await newReply(world, subjects.post[0] ?? '', author));
        const naive = createNaiveCounts();

        for (const each of steps) await play(world, each, people, subjects, naive);
        for (const [index, accountId] of people.entries()) {
          await settleAll(world, accountId, !naive.isSuspended[index]);
        }
        await world.settled();

        for (const index of [0, 1]) {
          const { likeCount, replyCount } = await postOf(world, present(subjects.post[index], 'post'));
          expect(likeCount).toBe(naive.likeCount(`post:${index}`));
          // The first post has the two replies that can be liked.
          expect(replyCount).toBe(naive.replyCount(index) + (index === 0 ? 2 : 0));
          const reply = await replyOf(world, present(subjects.reply[index], 'reply'));
          expect(reply.likeCount).toBe(naive.likeCount(`reply:${index}`));
        }
        for (const [index, accountId] of people.entries()) {
          if (naive.isSuspended[index]) continue;
          const { followerCount, followingCount } = await accountOf(world, accountId);
          expect([followerCount, followingCount]).toEqual([
            naive.followerCount(index),
            naive.followingCount(index),
          ]);
        }
      }),
      { numRuns: Math.min(100, propertyRuns) },
    );
  });
};

async function play(
  world: World,
  each: Step,
  people: readonly string[],
  subjects: Readonly<Record<LikeKind, readonly string[]>>,
  naive: ReturnType<typeof createNaiveCounts>,
): Promise<void> {
  const { likes, follows, replies } = world.engine;
  const person = (index: number) => present(people[index], 'person');
  if ('subject' in each) {
    const { kind, index } = each.subject;
    const subjectId = present(subjects[kind][index], kind);
    const accountId = person(each.who);
    const name = `${each.who}:${kind}:${index}`;
    if (each.op === 'like') {
      const isNew = !naive.likes.has(name);
      naive.likes.add(name);
      expect(await likes.add({ likeId: world.id(), accountId, kind, subjectId })).toBe(isNew);
    } else {
      expect(await likes.remove(accountId, kind, subjectId)).toBe(naive.likes.delete(name));
    }
  } else if ('whom' in each) {
    if (each.who === each.whom) return;
    const [followerId, followeeId] = [person(each.who), person(each.whom)];
    const name = `${each.who}:${each.whom}`;
    if (each.op === 'follow') {
      const isNew = !naive.follows.has(name);
      naive.follows.add(name);
      expect(await follows.follow({ followId: world.id(), followerId, followeeId })).toBe(isNew);
    } else {
      expect(await follows.unfollow(followerId, followeeId)).toBe(naive.follows.delete(name));
    }
  } else if ('index' in each) {
    const { who: by, index } = each;
    const replyId = await newReply(world, present(subjects.post[index], 'post'), person(by));
    naive.replies.push({ author: by, index, replyId });
  } else if ('nth' in each) {
    const [reply] = naive.replies.splice(each.nth, 1);
    if (reply !== undefined) expect(await replies.delete(reply.replyId)).toBe(true);
  } else {
    const accountId = person(each.who);
    if (each.op === 'settle') return settleAll(world, accountId, !naive.isSuspended[each.who]);
    naive.isSuspended[each.who] = each.op === 'suspend';
    await (each.op === 'suspend' ? suspend(world, accountId) : reinstate(world, accountId));
  }
}
