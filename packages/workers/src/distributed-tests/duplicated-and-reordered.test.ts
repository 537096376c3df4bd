import { anAct, beginStory, openSociety, type Society, type Story } from '@twite/conformance/scenarios';
import { type Deps, defaultSettings, type Settings } from '@twite/core/engine';
import type { DomainEvent } from '@twite/core/events/domain-event';
import { like, unlike } from '@twite/core/likes/like-subject';
import { createReply } from '@twite/core/replies/create-reply';
import { deleteReply } from '@twite/core/replies/delete-reply';
import { type DistributedEngine, openDistributedEngine } from '@twite/engine-distributed';
import {
  hasServices,
  openRawQueues,
  type RawQueues,
  testNamespaces,
  testUrls,
} from '@twite/engine-distributed/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ownConsumers } from '../main/run-worker.ts';
import { startWorkers } from '../start-workers.ts';

const stories = 15;
const settings: Settings = {
  ...defaultSettings,
  timelineLength: 4,
  popularFollowerThreshold: 2,
  fanOutChunkSize: 2,
};

/** An action about a post of the story, in addition to those of the model. */
interface Talk {
  readonly talk: 'like' | 'unlike' | 'reply' | 'deleteReply';
  readonly who: number;
  readonly nth: number;
}

const aTalk: fc.Arbitrary<Talk> = fc.record({
  talk: fc.constantFrom('like', 'unlike', 'reply', 'deleteReply'),
  who: fc.nat({ max: 4 }),
  nth: fc.nat({ max: 20 }),
});
const aDeletion = fc.record({ act: fc.constant('deletePost' as const), who: fc.nat({ max: 4 }) });
const someActs = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: anAct },
    { weight: 1, arbitrary: aTalk },
    { weight: 1, arbitrary: aDeletion },
  ),
  { minLength: 3, maxLength: 20 },
);
/** The acts done before any of their events is handled, and those done during the handling. */
const aPart = fc.record({ acts: someActs, meanwhile: someActs });

/** List positions in a random order that fast-check can shrink. */
const someOrder = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));

function shuffled<T>(items: readonly T[], numbers: Iterator<number>): T[] {
  return items
    .map((item) => ({ item, place: numbers.next().value as number }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

async function converse(
  { deps }: Society,
  { people, model }: Story,
  { talk, who, nth }: Talk,
): Promise<void> {
  const person = people[who];
  const posts = people.flatMap(({ accountId }) => model.livePosts(accountId));
  const postId = posts[nth % posts.length];
  if (person === undefined || postId === undefined || !model.isActive(person.accountId)) return;
  const { accountId } = person;
  try {
    if (talk === 'like') await like(deps, accountId, 'post', postId);
    if (talk === 'unlike') await unlike(deps, accountId, 'post', postId);
    else if (talk === 'reply') {
      await createReply(deps, {
        replyId: deps.ids.next(),
        postId,
        authorId: accountId,
        text: 'Indeed',
        mediaIds: [],
      });
    } else {
      const [reply] = await deps.replies.listByPost(postId, { limit: 1 });
      if (reply !== undefined) await deleteReply(deps, accountId, reply);
    }
  } catch (error) {
    // They may not see the post, or it is not theirs.
    if ((error as Error).name !== 'ContractError') throw error;
  }
}

/** Checks that all derived data agrees with its source and the model. */
async function expectRight(
  society: Society,
  { people, model }: Story,
  open: DistributedEngine,
): Promise<void> {
  for (const person of people.filter(({ accountId }) => model.isActive(accountId))) {
    expect(await person.home()).toEqual(model.home(person.accountId));
  }
  const accounts = await society.deps.accounts.findMany(people.map(({ accountId }) => accountId));
  for (const { accountId } of people) {
    const followers = model.isActive(accountId) ? model.followerCount(accountId) : 0;
    expect(accounts.get(accountId)?.followerCount).toBe(followers);
  }
  for (const difference of await open.derived.verify()) {
    expect(difference).toMatchObject({ differences: 0, examples: [] });
  }
  for (const { queue, waiting, parked } of await open.engine.queues.list()) {
    expect([queue, waiting, parked]).toEqual([queue, 0, 0]);
  }
}

type Acts = typeof someActs extends fc.Arbitrary<infer A> ? A : never;

describe.runIf(hasServices)('events that arrive twice, late and in any order', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 120_000);

  it(`have the same result (${stories} stories)`, async () => {
    const namespace = namespaces.add();
    const setup = { urls: testUrls(), namespace, settings };
    // Events are relayed here, but handled by nobody until the test has changed them.
    await using society = await openSociety(
      { name: 'writers', open: () => openDistributedEngine({ ...setup, relay: true }) },
      async () => new AsyncDisposableStack(),
      settings,
    );
    await using queues = await openRawQueues(namespace);

    await fc.assert(
      fc.asyncProperty(fc.array(aPart, { minLength: 2, maxLength: 3 }), someOrder, async (parts, order) => {
        const numbers = order[Symbol.iterator]();
        const story = await beginStory(society);
        const before = new Map<string, readonly unknown[]>();
        const perform = async (acts: Acts) => {
          for (const act of acts) {
            if ('talk' in act) await converse(society, story, act);
            else await story.perform(act);
          }
        };
        for (const { acts, meanwhile } of parts) {
          await perform(acts);
          await mixUp(society, queues, before, numbers);
          await using open = await openDistributedEngine({ ...setup, consumers: ownConsumers });
          await using _work = await startWorkers(depsOf(society, open));
          await perform(meanwhile);
          await open.settled();
          await expectRight(society, story, open);
        }
      }),
      { numRuns: stories },
    );
  }, 600_000);
});

const depsOf = ({ deps }: Society, { uncached }: DistributedEngine): Deps => ({ ...deps, ...uncached });

/** Duplicates and reorders the waiting messages, together with earlier ones of this story. */
async function mixUp(
  society: Society,
  queues: RawQueues,
  before: Map<string, readonly unknown[]>,
  numbers: Iterator<number>,
): Promise<void> {
  const last = await society.join(`last${society.deps.ids.next()}`);
  await last.post('the last');
  // Each queue receives only the events that its consumer handles.
  const isLast = (queue: string, body: unknown) => {
    const { event } = body as { event?: DomainEvent };
    return queue === 'graph'
      ? event?.type === 'accountCreated' && event.accountId === last.accountId
      : event?.type === 'postCreated' && event.authorId === last.accountId;
  };
  await queues.rewriteEvents(isLast, (queue, bodies) => {
    const events = bodies.filter((body) => typeof body === 'object' && body !== null && 'event' in body);
    const earlier = before.get(queue) ?? [];
    before.set(queue, [...earlier, ...events]);
    return shuffled([...events, ...events, ...earlier], numbers);
  });
}
