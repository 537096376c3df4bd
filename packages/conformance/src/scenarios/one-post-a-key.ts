import { ContractError, type Post } from '@twite/contract';
import type { Deps } from '@twite/core/engine';
import { runIdempotently } from '@twite/core/idempotency/run-idempotently';
import { createPost } from '@twite/core/posts/create-post';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { openSociety, type StartWorkers } from './society.ts';

/** Where the process dies in an attempt, if it does. */
const deaths = ['never', 'beforeWrite', 'afterWrite', 'beforeComplete', 'afterComplete'] as const;
type Death = (typeof deaths)[number];

class Died extends Error {}

/** The ports of a process that dies: after its death, no call reaches a store. */
function mortal(deps: Deps, death: Death): { readonly ports: Deps; readonly isDead: () => boolean } {
  let dead = false;
  const dieIf = (at: Death): void => {
    if (at === death) dead = true;
    if (dead) throw new Died(`died ${at}`);
  };
  const ports: Deps = {
    ...deps,
    posts: overriding(deps.posts, {
      async insert(post) {
        dieIf('beforeWrite');
        const result = await deps.posts.insert(post);
        dieIf('afterWrite');
        return result;
      },
    }),
    idempotency: overriding(deps.idempotency, {
      async complete(...args) {
        dieIf('beforeComplete');
        await deps.idempotency.complete(...args);
        dieIf('afterComplete');
      },
      async release(...args) {
        if (dead) throw new Died('the dead release nothing');
        await deps.idempotency.release(...args);
      },
    }),
  };
  return { ports, isDead: () => dead };
}

/** An adapter with some methods replaced. The others keep the adapter as their `this`. */
function overriding<T extends object>(adapter: T, methods: Partial<T>): T {
  return new Proxy(adapter, {
    get(target, name) {
      const own = methods[name as keyof T] ?? target[name as keyof T];
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

const anAttempt = fc.record({
  death: fc.constantFrom(...deaths),
  /** How many times the request is sent concurrently. */
  copies: fc.integer({ min: 1, max: 3 }),
  otherText: fc.boolean(),
});

/** However often a request is sent, concurrently or sequentially, and wherever its process dies: one post per key. */
export function onePostAKey(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  const runs = underTest.propertyRuns ?? 1000;
  it(`an Idempotency-Key makes one post, whatever is retried and wherever the process dies (${runs} stories)`, async () => {
    await using society = await openSociety(underTest, startWorkers);
    const { deps } = society;
    let story = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anAttempt, { minLength: 1, maxLength: 6 }), async (attempts) => {
        const author = await society.join(`author${story++}`);
        const key = `key ${story}`;
        let process = 0;
        const answers: string[] = [];
        const send = async (
          { ports, isDead }: ReturnType<typeof mortal>,
          owner: string,
          text: string,
        ): Promise<'died' | string> => {
          const request = {
            key,
            caller: author.accountId,
            operationId: 'createPost',
            input: { text },
            owner,
          };
          try {
            const { body } = await runIdempotently(ports, request, async (postId) => ({
              status: 201,
              body: await createPost(ports, {
                postId,
                authorId: author.accountId,
                text,
                visibility: 'public',
                mediaIds: [],
              }),
            }));
            // Whatever it still computed: a dead process answers nobody.
            if (isDead()) return 'died';
            answers.push((body as Post).postId);
            return 'answered';
          } catch (error) {
            if (error instanceof Died) return 'died';
            if (error instanceof ContractError) return error.code;
            throw error;
          }
        };

        let claimed = false;
        for (const { death, copies, otherText } of attempts) {
          const mortals = mortal(deps, death);
          const owner = `process ${story} ${process}`;
          if (otherText && claimed) {
            expect(await send(mortals, owner, 'Another')).toBe('idempotency_mismatch');
            continue;
          }
          const results = await Promise.all(
            Array.from({ length: copies }, () => send(mortals, owner, 'The one')),
          );
          claimed = true;
          for (const result of results)
            expect(['answered', 'idempotency_in_flight', 'died']).toContain(result);
          // Another process replaces a dead one.
          if (results.includes('died')) process++;
        }
        expect(await send(mortal(deps, 'never'), `process ${story} ${process}`, 'The one')).toBe('answered');
        const posts = await deps.posts.listByAuthor(author.accountId, { limit: 10, visibility: 'all' });
        expect(posts).toHaveLength(1);
        expect(new Set(answers)).toEqual(new Set(posts));
      }),
      { numRuns: runs },
    );
  }, 600_000);
}
