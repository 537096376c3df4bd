import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Answer } from './client.ts';
import { join, textsOf } from './people.ts';
import { suite } from './suite.ts';

/** Signs in from an address of this machine. Returns the id of the session. */
async function signInFrom(localAddress: string, url: string, headers: Record<string, string>, body: object) {
  const asked = request(`${url}/v1/sessions`, {
    ...{ method: 'POST', localAddress, headers: { ...headers, 'content-type': 'application/json' } },
  });
  asked.end(JSON.stringify(body));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return ((await json(answer)) as { session: { sessionId: string } }).session.sessionId;
}

let count = 0;
const newKey = () => ({ 'idempotency-key': `key-${++count}` });

export const idempotency = suite('Idempotency-Key', (world, insideTest) => {
  test('a retry gets the first response, and creates no second post', async () => {
    const { call } = world();
    const { token, accountId } = await join(call, 'ann');
    const request = { token, headers: newKey(), body: { text: 'Once' } };
    const first = await call('createPost', request);
    const again = await call('createPost', request);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(textsOf(await call('listAccountPosts', { path: { accountId } }))).toEqual(['Once']);
  });

  test('concurrent requests create one post', async () => {
    const { call } = world();
    const { token, accountId } = await join(call, 'ann');
    const request = { token, headers: newKey(), body: { text: 'Once' } };
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('createPost', request)));
    for (const { status, body } of answers) {
      if (status !== 201) expect(body.code).toBe('idempotency_in_flight');
    }
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    expect(textsOf(await call('listAccountPosts', { path: { accountId } }))).toEqual(['Once']);
  });

  test('a different request with the same key is refused', async () => {
    const { call } = world();
    const { token, password } = await join(call, 'ann');
    const headers = newKey();
    await call('createPost', { token, headers, body: { text: 'One' } });
    const other = await call('createPost', { token, headers, body: { text: 'Another' } });
    expect(other.body.code).toBe('idempotency_mismatch');
    const elsewhere = await call('createToken', {
      token,
      headers,
      body: { password, name: 'One', scopes: ['read'] },
    });
    expect(elsewhere.body.code).toBe('idempotency_mismatch');
  });

  test('a key belongs to its caller', async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const request = { headers: newKey(), body: { text: 'Mine' } };
    const mine = await call('createPost', { token: ann.token, ...request });
    const his = await call('createPost', { token: bob.token, ...request });
    expect(his.body.postId).not.toBe(mine.body.postId);
    expect(his.body.author.handle).toBe(bob.handle);
  });

  test('signing up again gets the same account and session', async () => {
    const { call } = world();
    const body = { handle: `fantine_${++count}`, password: 'a long password of fantine' };
    const headers = newKey();
    const first = await call('createAccount', { headers, body });
    const again = await call('createAccount', { headers, body });
    expect([again.status, again.body]).toEqual([201, first.body]);
    const other = await call('createAccount', { headers: newKey(), body });
    expect(other.body.code).toBe('handle_taken');
  });

  test('a key of a signed-out client belongs to it: another program never sees its response', async () => {
    const { call } = world();
    const { handle, password } = await join(call, 'ann');
    const request = { headers: { ...newKey(), 'user-agent': 'one' }, body: { handle, password } };
    const sessionOf = (answer: Answer) => answer.body.session.sessionId as string;
    const first = sessionOf(await call('createSession', request));
    expect(sessionOf(await call('createSession', request))).toBe(first);
    const otherProgram = { ...request, headers: { ...request.headers, 'user-agent': 'two' } };
    expect(sessionOf(await call('createSession', otherProgram))).not.toBe(first);
  });

  // Docker forwards requests to a deployed instance from one address of its own.
  insideTest('a key is a signed-out client’s own: another network never sees its answer', async () => {
    const { call, url } = world();
    const { handle, password } = await join(call, 'ann');
    const headers = newKey();
    const body = { handle, password };
    const first = await signInFrom('127.0.0.1', url, headers, body);
    expect(await signInFrom('127.0.0.1', url, headers, body)).toBe(first);
    expect(await signInFrom('127.0.0.9', url, headers, body)).not.toBe(first);
  });

  test('a revoked secret is not returned again', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    const { token, handle, password } = ann;
    const signIn = { headers: newKey(), body: { handle, password } };
    const { session } = (await call('createSession', signIn)).body;
    const refresh = { headers: newKey(), body: { refreshToken: session.refreshToken } };
    const next = (await call('refreshSession', refresh)).body.session;
    expect((await call('createSession', signIn)).body.code).toBe('answer_revoked');
    expect((await call('refreshSession', refresh)).body.session).toEqual(next);
    await call('deleteSession', { token, path: { sessionId: session.sessionId } });
    const refused = await call('refreshSession', refresh);
    expect([refused.status, refused.body.code]).toEqual([409, 'answer_revoked']);

    const make = { token, headers: newKey(), body: { password, name: 'Bot', scopes: ['read'] } };
    const made = await call('createToken', make);
    expect((await call('createToken', make)).body).toEqual(made.body);
    await call('deleteToken', { token, path: { tokenId: made.body.token.tokenId } });
    expect((await call('createToken', make)).body.code).toBe('answer_revoked');
  });

  insideTest('an error is not kept, and a key ends after a day', async () => {
    const { call, server } = world();
    const ann = await join(call, 'ann');
    const { token } = ann;
    const headers = newKey();
    const missing = { token, headers, path: { postId: '0000000000000000001' }, body: { text: 'Hello?' } };
    expect((await call('createReply', missing)).body.code).toBe('post_not_found');
    expect((await call('createReply', missing)).body.code).toBe('post_not_found');
    const request = { headers: newKey(), body: { text: 'Daily' } };
    const first = await call('createPost', { token, ...request });
    server.advance(25 * 3_600_000);
    const session = await call('refreshSession', { body: { refreshToken: ann.refreshToken } });
    const next = await call('createPost', { token: session.body.session.accessToken, ...request });
    expect(next.body.postId).not.toBe(first.body.postId);
  });

  test('a key is visible ASCII of at most 255 characters', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    for (const key of ['x'.repeat(256), 'a b', 'é']) {
      const answer = await call('createPost', {
        token,
        headers: { 'idempotency-key': key },
        body: { text: 'x' },
      });
      expect(answer.body).toMatchObject({ code: 'invalid_input', errors: [{ in: 'headers' }] });
    }
  });
});
