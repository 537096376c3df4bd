import type { Page, Post, Reply } from '@twite/contract';
import { blockAccount } from '@twite/core/blocks/block-account';
import { unblockAccount } from '@twite/core/blocks/unblock-account';
import type { Deps, OpenEngine, Settings } from '@twite/core/engine';
import { defaultSettings } from '@twite/core/engine';
import { followAccount } from '@twite/core/follows/follow-account';
import { unfollowAccount } from '@twite/core/follows/unfollow-account';
import { createIdGenerator } from '@twite/core/ids/ids';
import { like, unlike } from '@twite/core/likes/like-subject';
import type { MediaProcessor } from '@twite/core/media/media-processor';
import { mediaUrlFrom } from '@twite/core/media/present-media';
import { muteAccount } from '@twite/core/mutes/mute-account';
import { unmuteAccount } from '@twite/core/mutes/unmute-account';
import { createPost } from '@twite/core/posts/create-post';
import { deletePost } from '@twite/core/posts/delete-post';
import { createReply } from '@twite/core/replies/create-reply';
import { getHomeTimeline } from '@twite/core/timelines/get-home-timeline';
import { createTimelineRebuilds } from '@twite/core/timelines/timeline-rebuilds';
import type { EngineUnderTest } from '../suite.ts';
import { createTestClock, type TestClock } from '../test-clock.ts';

/**
 * Starts all consumers and jobs over an engine: `startWorkers` of @twite/workers, passed by the caller of the
 * scenarios.
 */
export type StartWorkers = (deps: Deps) => Promise<AsyncDisposable>;

/** A person of a scenario, acting through use cases. */
export interface Person {
  readonly accountId: string;
  readonly handle: string;
  post(text: string, visibility?: 'public' | 'followers'): Promise<Post>;
  reply(post: Post, text: string): Promise<Reply>;
  deletePost(postId: string): Promise<void>;
  like(post: Post): Promise<unknown>;
  unlike(post: Post): Promise<unknown>;
  follow(other: Person): Promise<unknown>;
  unfollow(other: Person): Promise<unknown>;
  block(other: Person): Promise<unknown>;
  unblock(other: Person): Promise<unknown>;
  mute(other: Person): Promise<unknown>;
  unmute(other: Person): Promise<unknown>;
  homePage(page?: { cursor?: string; limit?: number }): Promise<Page<Post>>;
  /** The whole home timeline, read page by page: post ids. */
  home(pageSize?: number): Promise<string[]>;
}

/** An engine with running workers, and people in it. */
export interface Society extends AsyncDisposable {
  readonly deps: Deps;
  readonly clock: TestClock;
  settled(): Promise<void>;
  join(handle: string): Promise<Person>;
  suspend(person: Person): Promise<void>;
  reinstate(person: Person): Promise<void>;
  remove(person: Person): Promise<void>;
}

/** Converts posts in order of creation to ids, newest first. */
export const newest = (posts: readonly { readonly postId: string }[]): string[] =>
  posts.map((post) => post.postId).reverse();

/** Reads all pages of a list, one after the other. */
export async function readAll<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

const refuse = (): never => {
  throw new Error('scenarios hash no passwords and process no media');
};

const mediaProcessor: MediaProcessor = {
  isFull: () => false,
  inspect: refuse,
  processImage: refuse,
  cropSquares: refuse,
  makePoster: refuse,
  processVideo: refuse,
};

function makePerson(deps: Deps, accountId: string, handle: string): Person {
  const homePage: Person['homePage'] = ({ cursor, limit = 20 } = {}) =>
    getHomeTimeline(deps, accountId, { cursor, limit });
  return {
    accountId,
    handle,
    post: (text, visibility = 'public') =>
      createPost(deps, { postId: deps.ids.next(), authorId: accountId, text, visibility, mediaIds: [] }),
    reply: (post, text) =>
      createReply(deps, {
        replyId: deps.ids.next(),
        postId: post.postId,
        authorId: accountId,
        text,
        mediaIds: [],
      }),
    deletePost: (postId) => deletePost(deps, accountId, postId),
    like: (post) => like(deps, accountId, 'post', post.postId),
    unlike: (post) => unlike(deps, accountId, 'post', post.postId),
    follow: (other) => followAccount(deps, accountId, other.accountId),
    unfollow: (other) => unfollowAccount(deps, accountId, other.accountId),
    block: (other) => blockAccount(deps, accountId, other.accountId),
    unblock: (other) => unblockAccount(deps, accountId, other.accountId),
    mute: (other) => muteAccount(deps, accountId, other.accountId),
    unmute: (other) => unmuteAccount(deps, accountId, other.accountId),
    homePage,
    home: async (limit = 100) => {
      const posts = await readAll((cursor) =>
        homePage({ limit, ...(cursor === undefined ? {} : { cursor }) }),
      );
      return posts.map((post) => post.postId);
    },
  };
}

/** Opens a new engine, starts the workers and lets people sign up. */
export async function openSociety(
  underTest: EngineUnderTest,
  startWorkers: StartWorkers,
  changes: Partial<Settings> = {},
): Promise<Society> {
  const clock = createTestClock();
  const settings = { ...defaultSettings, ...changes };
  const open: OpenEngine = await underTest.open({ clock, settings });
  const ids = createIdGenerator({ clock, machine: 2 });
  const deps: Deps = {
    ...open.engine,
    clock,
    ids,
    settings,
    passwords: { hash: refuse, verify: refuse },
    mediaProcessor,
    mediaUrl: mediaUrlFrom('https://media.example'),
    timelineRebuilds: createTimelineRebuilds(),
  };
  const resources = new AsyncDisposableStack();
  resources.use(open);
  resources.use(await startWorkers({ ...deps, ...open.uncached }));
  return {
    deps,
    clock,
    settled: () => open.settled(),
    async join(handle) {
      const accountId = ids.next();
      const result = await deps.accounts.insert({
        accountId,
        handle,
        displayName: handle,
        passwordHash: 'unused',
        createdAt: clock.now(),
      });
      if (result !== 'inserted') throw new Error(`${handle} could not join: ${result}`);
      return makePerson(deps, accountId, handle);
    },
    suspend: async (person) => {
      await deps.accounts.setSuspension(person.accountId, { at: clock.now(), reason: null });
    },
    reinstate: async (person) => {
      await deps.accounts.setSuspension(person.accountId, null);
    },
    remove: async (person) => {
      await deps.accounts.markDeleted(person.accountId);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
