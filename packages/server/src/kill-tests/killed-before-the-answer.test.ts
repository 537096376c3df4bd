import { setTimeout as wait } from 'node:timers/promises';
import type { OperationId } from '@twite/contract';
import { serviceEnvironment, testNamespaces } from '@twite/engine-distributed/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { startProcesses } from '../fault-tests/processes.ts';
import { type Answer, type Call, makeCall, pathOf, type Request } from '../http-tests/client.ts';
import { join, post, textsOf } from '../http-tests/people.ts';
import { configForTest } from '../http-tests/start-for-test.ts';
import { startDistributed } from '../main/distributed.ts';

const environment = serviceEnvironment();

interface Death {
  readonly failpoint: string;
  readonly operationId: OperationId;
  readonly request: Request;
}

/** Acts like a client that wants its answer: it retries when asked to. */
async function untilAnswered(ask: () => Promise<Answer>): Promise<{ answer: Answer; refusals: number }> {
  for (let refusals = 0; ; refusals++) {
    const answer = await ask();
    if (answer.status !== 409) return { answer, refusals };
    expect(answer.body.code).toBe('idempotency_in_flight');
    const seconds = Number(answer.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    await wait(1_000 * seconds);
  }
}

describe.runIf(environment !== undefined)('a server that is killed between write and response', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 120_000);

  it('leaves no duplicates, and the retry gets the response from another server', async () => {
    const env = { ...environment, TWITE_ENGINE: 'distributed', TWITE_NAMESPACE: namespaces.add() };
    await using other = await startDistributed(configForTest(env), { withWorkers: true });
    await using ending = new AsyncDisposableStack();
    const startDying = (failpoint: string) =>
      ending
        .use(
          startProcesses({
            ...env,
            TWITE_PORT: '0',
            TWITE_METRICS_PORT: 'off',
            TWITE_LOG_LEVEL: 'error',
            TWITE_RATE_LIMITS: 'off',
            TWITE_TEST_FAILPOINT: failpoint,
          }),
        )
        .start('server');
    const call = makeCall(other.url);
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    await call('followAccount', { token: bob.token, path: { accountId: ann.accountId } });
    const postId = await post(call, bob, 'Say something');

    const { token } = ann;
    const deaths: readonly Death[] = [
      ...['posts.afterInsert', 'idempotency.beforeComplete', 'idempotency.afterComplete'].map(
        (failpoint): Death => ({
          failpoint,
          operationId: 'createPost',
          request: { token, body: { text: `Killed at ${failpoint}` } },
        }),
      ),
      {
        failpoint: 'idempotency.beforeComplete',
        operationId: 'createReply',
        request: { token, path: { postId }, body: { text: 'Something' } },
      },
      {
        failpoint: 'idempotency.beforeComplete',
        operationId: 'createAccount',
        request: { body: { handle: 'newcomer', password: 'a long password of a newcomer' } },
      },
    ];

    const die = async ({ failpoint, operationId, request }: Death): Promise<void> => {
      const child = startDying(failpoint);
      const [, url = ''] = await child.told(/ready at (\S+)/);
      const dying: Call = makeCall(url);
      await expect(dying(operationId, request)).rejects.toThrow('fetch failed');
      expect(await child.ended).toBe(null);
    };
    const outcomes = await Promise.all(
      deaths.map(async (death, index) => {
        const request = { ...death.request, headers: { 'idempotency-key': `key-${index}` } };
        await die({ ...death, request });
        const outcome = await untilAnswered(() => call(death.operationId, request));
        expect([pathOf(death.operationId, request), outcome.answer.status]).toEqual([
          pathOf(death.operationId, request),
          201,
        ]);
        // Once answered, the same key gets the same answer.
        expect((await call(death.operationId, request)).body).toEqual(outcome.answer.body);
        return outcome;
      }),
    );

    // Only the request whose answer was stored is answered at once; the others when the dead process's lease expires.
    expect(outcomes.map(({ refusals }) => refusals > 0)).toEqual([true, true, false, true, true]);
    await other.settled();
    const page = await call('listAccountPosts', { path: { accountId: ann.accountId } });
    expect(textsOf(page).toSorted()).toEqual([
      'Killed at idempotency.afterComplete',
      'Killed at idempotency.beforeComplete',
      'Killed at posts.afterInsert',
    ]);
    expect(page.body.items.map(({ postId }: { postId: string }) => postId).toSorted()).toEqual(
      outcomes
        .slice(0, 3)
        .map(({ answer }) => answer.body.postId)
        .toSorted(),
    );
    const home = await call('getHomeTimeline', { token: bob.token });
    expect(textsOf(home).toSorted()).toEqual([...textsOf(page), 'Say something'].toSorted());
    const account = await call('getAccount', { path: { accountId: ann.accountId } });
    expect(account.body).toMatchObject({ counts: { posts: 3 } });
    expect(textsOf(await call('listReplies', { path: { postId } }))).toEqual(['Something']);
    expect((await call('getPost', { path: { postId } })).body).toMatchObject({ replyCount: 1 });
    const newcomer = await call('getAccountByHandle', { path: { handle: 'newcomer' } });
    expect(newcomer.body.accountId).toBe(outcomes[4]?.answer.body.account.accountId);
    const { accessToken } = outcomes[4]?.answer.body.session ?? {};
    expect((await call('getMe', { token: accessToken })).body.handle).toBe('newcomer');
  }, 600_000);
});
