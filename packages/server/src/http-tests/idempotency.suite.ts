import { expect, test } from 'vitest';
import { join, textsOf } from './people.ts';
import { suite } from './suite.ts';

let count = 0;
const newKey = () => ({ 'idempotency-key': `key-${++count}` });

export const idempotency = suite('Idempotency-Key', (world, insideTest) => {
  test('a retry gets the first answer, and there is one post', async () => {
    const { call } = world();
    const { token, accountId } = await join(call, 'ann');
    const request = { token, headers: newKey(), body: { text: 'Once' } };
    const first = await call('createPost', request);
    const again = await call('createPost', request);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(textsOf(await call('listAccountPosts', { path: { accountId } }))).toEqual(['Once']);
  });

  test('many at once make one post', async () => {
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

  test('another request under the same key is refused', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    const headers = newKey();
    await call('createPost', { token, headers, body: { text: 'One' } });
    const other = await call('createPost', { token, headers, body: { text: 'Another' } });
    expect(other.body.code).toBe('idempotency_mismatch');
    const elsewhere = await call('createToken', { token, headers, body: { name: 'One', scopes: ['read'] } });
    expect(elsewhere.body.code).toBe('idempotency_mismatch');
  });

  test('a key is its caller’s own', async () => {
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
