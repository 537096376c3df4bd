import type { AccountRecord, NewAccount } from '@twite/core/accounts/account-store';
import type { Engine, OpenEngine, Settings } from '@twite/core/engine';
import type { LikeKind } from '@twite/core/likes/like-store';
import type { NewPost, PostRecord } from '@twite/core/posts/post-store';
import type { NewReply, ReplyRecord } from '@twite/core/replies/reply-store';
import type { TestClock } from './test-clock.ts';

/** The environment of a test. */
export interface World {
  readonly engine: Engine;
  readonly open: OpenEngine;
  readonly clock: TestClock;
  readonly settings: Settings;
  /** A new id, greater than all earlier ones. */
  id(): string;
  /** A word that no other fact uses; also valid as a handle. */
  word(): string;
  settled(): Promise<void>;
}

const noEntities = { mentions: [], hashtags: [], urls: [] };

export function anAccount(world: World, given: Partial<NewAccount> = {}): NewAccount {
  return {
    accountId: world.id(),
    handle: world.word(),
    displayName: 'Somebody',
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA',
    createdAt: world.clock.now(),
    ...given,
  };
}

/** Signs people up, and returns their account ids by their names in the test. */
export async function people<N extends string>(world: World, ...names: N[]): Promise<Record<N, string>> {
  const ids: Partial<Record<N, string>> = {};
  for (const name of names) ids[name] = await newAccount(world, { displayName: name });
  return ids as Record<N, string>;
}

export async function newAccount(world: World, given: Partial<NewAccount> = {}): Promise<string> {
  const account = anAccount(world, given);
  const result = await world.engine.accounts.insert(account);
  if (result !== 'inserted') throw new Error(`the account was not inserted: ${result}`);
  return account.accountId;
}

export function aPost(world: World, authorId: string, given: Partial<NewPost> = {}): NewPost {
  return {
    postId: world.id(),
    authorId,
    text: 'Hello',
    entities: noEntities,
    visibility: 'public',
    media: [],
    createdAt: world.clock.now(),
    ...given,
  };
}

export async function newPost(world: World, authorId: string, given: Partial<NewPost> = {}): Promise<string> {
  const post = aPost(world, authorId, given);
  const result = await world.engine.posts.insert(post);
  if (result !== 'inserted') throw new Error(`the post was not inserted: ${result}`);
  return post.postId;
}

export function aReply(
  world: World,
  postId: string,
  authorId: string,
  given: Partial<NewReply> = {},
): NewReply {
  return {
    replyId: world.id(),
    postId,
    parentReplyId: null,
    authorId,
    text: 'Indeed',
    entities: noEntities,
    media: [],
    createdAt: world.clock.now(),
    ...given,
  };
}

export async function newReply(
  world: World,
  postId: string,
  authorId: string,
  given: Partial<NewReply> = {},
): Promise<string> {
  const reply = aReply(world, postId, authorId, given);
  const result = await world.engine.replies.insert(reply);
  if (result !== 'inserted') throw new Error(`the reply was not inserted: ${result}`);
  return reply.replyId;
}

/** Follows, and returns the id of the follow. */
export async function newFollow(world: World, followerId: string, followeeId: string): Promise<string> {
  const followId = world.id();
  if (!(await world.engine.follows.follow({ followId, followerId, followeeId }))) {
    throw new Error('it was followed already');
  }
  return followId;
}

/** Likes, and returns the id of the like. */
export async function newLike(
  world: World,
  accountId: string,
  kind: LikeKind,
  subjectId: string,
): Promise<string> {
  const likeId = world.id();
  if (!(await world.engine.likes.add({ likeId, accountId, kind, subjectId }))) {
    throw new Error('it was liked already, or is gone');
  }
  return likeId;
}

export async function accountOf(world: World, accountId: string): Promise<AccountRecord> {
  return present((await world.engine.accounts.findMany([accountId])).get(accountId), accountId);
}

export async function postOf(world: World, postId: string): Promise<PostRecord> {
  return present((await world.engine.posts.findMany([postId])).get(postId), postId);
}

export async function replyOf(world: World, replyId: string): Promise<ReplyRecord> {
  return present((await world.engine.replies.findMany([replyId])).get(replyId), replyId);
}

export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}

export async function suspend(world: World, accountId: string): Promise<void> {
  await world.engine.accounts.setSuspension(accountId, { at: world.clock.now(), reason: null });
}

export async function reinstate(world: World, accountId: string): Promise<void> {
  await world.engine.accounts.setSuspension(accountId, null);
}

/**
 * Repeats a step that processes at most `limit` until nothing is left. Returns the amount of each step, without the
 * last 0.
 */
export async function untilDone(step: (limit: number) => Promise<number>, limit: number): Promise<number[]> {
  const done: number[] = [];
  for (;;) {
    const count = await step(limit);
    if (count === 0) return done;
    done.push(count);
    if (done.length > 1000) throw new Error('a step goes on for ever');
  }
}

/** Settles the follows of an account step by step. Returns how many each step changed. */
export async function settleFollows(
  { engine: { follows } }: World,
  accountId: string,
  counted: boolean,
  limit: number,
): Promise<number[]> {
  const changed: number[] = [];
  let cursor: string | undefined;
  do {
    const step = await follows.settleAccount(accountId, counted, { limit, cursor });
    changed.push(step.changed);
    cursor = step.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return changed;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** Runs the same thing many times concurrently. */
export function atOnce<T>(times: number, act: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => act(index)));
}
