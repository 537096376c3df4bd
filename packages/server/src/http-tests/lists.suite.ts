import { contract, contractLimits, type OperationId, operationIds } from '@twite/contract';
import { beforeAll, expect, test } from 'vitest';
import type { Call, Request } from './client.ts';
import { createToken, follow, join, type Person, post } from './people.ts';
import { suite } from './suite.ts';

/** Whether its pages continue. Some lists have one page only. */
const isList = (operationId: OperationId): boolean => {
  const { query } = contract[operationId] as { readonly query?: { readonly shape?: object } };
  return query?.shape !== undefined && 'cursor' in query.shape;
};

/** An account with at least two items in every list, each as long as the contract allows. */
interface Scene {
  readonly me: Person;
  readonly postId: string;
}

/** A word that every name here begins with, and no other name on the instance. */
const mark = `zq${Date.now().toString(36)}`;

// Characters that grow the most when they are folded, encoded or escaped.
const longNames = ['\u{1d401}', 'ﷺ', '"', 'ñ', '漢'].map((character) => {
  const left = contractLimits.displayNameLengthMax - mark.length;
  return mark + character.repeat(left);
});

const longest = (start: string, length: number): string => start.padEnd(length, 'x');

/** What any list may need besides the viewer's token and a page. */
function requestOf(operationId: OperationId, { me, postId }: Scene): Request {
  const { query } = contract[operationId] as { readonly query?: { readonly shape: object } };
  return {
    path: { accountId: me.accountId, postId, queue: 'jobs.reconcile' },
    query: query && 'q' in query.shape ? { q: mark } : {},
  };
}

async function setScene(call: Call): Promise<Scene> {
  const people: Person[] = [];
  for (const displayName of longNames) {
    const person = await join(call, 'zzlistzz');
    expect((await call('updateMe', { token: person.token, body: { displayName } })).status).toBe(200);
    people.push(person);
  }
  const [me, ...others] = people as [Person, ...Person[]];
  const postId = await post(call, me, `${mark} one`);
  await post(call, me, `${mark} two`);
  for (const other of others) {
    const { token } = other;
    await follow(call, other, me);
    await follow(call, me, other);
    await call('likePost', { token, path: { postId } });
    await call('createReply', { token, path: { postId }, body: { text: 'Indeed' } });
    const theirs = await post(call, other, `${mark} by another`);
    await call('likePost', { token: me.token, path: { postId: theirs } });
    await call('muteAccount', { token: me.token, path: { accountId: other.accountId } });
  }
  const { handle, password, token } = me;
  for (let index = 0; index < 2; index++) {
    await call('createSession', { body: { handle, password } });
    await createToken(call, me, { name: longest(`${index}`, 100), scopes: ['read'] });
    const blocked = await join(call, 'blocked');
    await call('blockAccount', { token, path: { accountId: blocked.accountId } });
    await call('suspendAccount', {
      token,
      path: { accountId: blocked.accountId },
      body: { reason: longest('', 500) },
    });
  }
  return { me, postId };
}

export const lists = suite('lists', (world, insideTest) => {
  let scene: Scene;
  beforeAll(async () => {
    const { call, server } = world();
    const boss = await join(call, 'boss');
    await server.grantAdmin(boss.handle);
    scene = await setScene(async (operationId, request) =>
      operationId === 'suspendAccount'
        ? call(operationId, { ...request, token: boss.token })
        : call(operationId, request),
    );
    await server.grantAdmin(scene.me.handle);
    await server.settled();
  });

  for (const operationId of operationIds.filter(isList)) {
    const declare = operationId === 'listParkedMessages' ? insideTest : test;
    declare(`${operationId} accepts every cursor that it issues`, async () => {
      const { call, server } = world();
      if (operationId === 'listParkedMessages') {
        for (let index = 0; index < 2; index++) await server.enqueueNonsense();
        await server.settled();
      }
      const request = requestOf(operationId, scene);
      const pages: string[] = [];
      let cursor: string | null | undefined;
      // Shared instances have endless lists.
      while (cursor !== null && pages.length < 10) {
        const query = { ...request.query, limit: 1, ...(cursor && { cursor }) };
        const { status, body } = await call(operationId, { ...request, query, token: scene.me.token });
        expect({ status, code: body.code }).toEqual({ status: 200, code: undefined });
        pages.push(...body.items.map((item: unknown) => JSON.stringify(item)));
        cursor = body.nextCursor;
      }
      // With one item there is no cursor, and nothing is tested here.
      expect(pages.length).toBeGreaterThan(1);
      expect(new Set(pages).size).toBe(pages.length);
    });
  }
});
