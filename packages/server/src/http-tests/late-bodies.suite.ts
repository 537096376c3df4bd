import { once } from 'node:events';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { contract, type OperationId, operationIds } from '@twite/contract';
import { expect, test } from 'vitest';
import { type Call, pathOf } from './client.ts';
import { createToken, join } from './people.ts';
import { suite } from './suite.ts';

const takesBody = (operationId: OperationId): boolean => contract[operationId].metadata.body !== 'none';

const signedInOperations = operationIds.filter(
  (operationId) => contract[operationId].metadata.auth !== 'none' && takesBody(operationId),
);
const operationsOfAdmins = signedInOperations.filter(
  (operationId) => contract[operationId].metadata.role !== 'user',
);

const anyId = '1855647289012345678';
const anyPath = {
  accountId: anyId,
  postId: anyId,
  replyId: anyId,
  mediaId: anyId,
  sessionId: anyId,
  tokenId: anyId,
  queue: 'jobs.reconcile',
};

/** The smallest body that the operation reads to its end. Rights are checked before its content. */
const bodyOf = (operationId: OperationId): readonly [contentType: string, body: string] =>
  contract[operationId].metadata.body === 'upload'
    ? ['multipart/form-data; boundary=x', '--x--\r\n']
    : ['application/json', '{}'];

/** Sends the headers, runs `meanwhile` once the server reads the body, and sends the body. Returns the answer. */
async function sendLate(
  url: string,
  operationId: OperationId,
  token: string,
  meanwhile: () => Promise<unknown>,
): Promise<readonly [status: number | undefined, code: unknown]> {
  const [contentType, body] = bodyOf(operationId);
  const sending = request(`${url}${pathOf(operationId, { path: anyPath })}`, {
    method: contract[operationId].method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': contentType,
      'content-length': body.length,
      expect: '100-continue',
    },
  });
  const response = once(sending, 'response');
  sending.flushHeaders();
  await Promise.race([
    once(sending, 'continue'),
    response.then(([{ statusCode }]) => {
      throw new Error(`${operationId} answered ${statusCode} before its body`);
    }),
  ]);
  await meanwhile();
  sending.end(body);
  const [answer] = await response;
  return [answer.statusCode, ((await json(answer)) as { code?: unknown }).code];
}

/** A deployed instance has two processes per service, which the gateway uses in turn. */
const looks = 4;

/**
 * Resolves when every process that serves the operation refuses it: a revocation reaches the others within
 * milliseconds.
 */
async function refusedEverywhere(call: Call, operationId: OperationId, token: string, status: number) {
  let refused = 0;
  const refuses = async () => {
    const answer = await call(operationId, { token, path: anyPath, body: {} });
    refused = answer.status === status ? refused + 1 : 0;
    return refused;
  };
  await expect.poll(refuses, { interval: 1 }).toBe(looks);
}

export const lateBodies = suite('rights when the body has come', (world) => {
  test('a session that ended during the body has no effect, on every operation with a body', async () => {
    const { call, server, url } = world();
    const ann = await join(call, 'ann');
    await server.grantAdmin(ann.handle);
    const credentials = { handle: ann.handle, password: ann.password };
    expect(signedInOperations.length).toBeGreaterThan(10);
    for (const operationId of signedInOperations) {
      const { accessToken, sessionId } = (await call('createSession', { body: credentials })).body.session;
      const answer = await sendLate(url, operationId, accessToken, async () => {
        await call('deleteSession', { token: ann.token, path: { sessionId } });
        await refusedEverywhere(call, operationId, accessToken, 401);
      });
      expect([operationId, ...answer]).toEqual([operationId, 401, 'invalid_token']);
    }
  });

  test('an admin demoted during the body has no effect, on every admin operation with a body', async () => {
    const { call, server, url } = world();
    const [first, second] = [await join(call, 'first'), await join(call, 'second')];
    for (const { handle } of [first, second]) await server.grantAdmin(handle);
    const path = { accountId: second.accountId };
    const setRole = (role: string) => call('setRole', { token: first.token, path, body: { role } });
    expect(operationsOfAdmins).toContain('setRole');
    for (const operationId of operationsOfAdmins) {
      await setRole('admin');
      const answer = await sendLate(url, operationId, second.token, async () => {
        await setRole('user');
        await refusedEverywhere(call, operationId, second.token, 403);
      });
      expect([operationId, ...answer]).toEqual([operationId, 403, 'insufficient_role']);
    }
  });

  test('a token revoked during the body cannot post', async () => {
    const { call, url } = world();
    const ann = await join(call, 'ann');
    const bot = { name: 'bot', scopes: ['write'] };
    const { secret, token } = (await createToken(call, ann, bot)).body;
    const answer = await sendLate(url, 'createPost', secret, async () => {
      await call('deleteToken', { token: ann.token, path: { tokenId: token.tokenId } });
      await refusedEverywhere(call, 'createPost', secret, 401);
    });
    expect(answer).toEqual([401, 'invalid_token']);
  });

  test('a late body is accepted while the permission is valid', async () => {
    const { call, url } = world();
    const ann = await join(call, 'ann');
    // It is empty, which the contract reports.
    expect(await sendLate(url, 'createPost', ann.token, async () => {})).toEqual([422, 'invalid_input']);
  });
});
