import { expect, test } from 'vitest';
import type { Answer } from './client.ts';
import { join } from './people.ts';
import { suite } from './suite.ts';

const withoutRequestId = ({ status, body: { requestId: _, ...body } }: Answer) => ({ status, body });

export const sessions = suite('sessions and tokens', (world, insideTest) => {
  test('an unknown handle and a wrong password are answered alike', async () => {
    const { call } = world();
    const { handle } = await join(call, 'ann');
    const wrong = await call('createSession', { body: { handle, password: 'not the one' } });
    const unknown = await call('createSession', { body: { handle: 'nobody_here', password: 'not the one' } });
    expect(withoutRequestId(wrong)).toEqual(withoutRequestId(unknown));
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer');
  });

  insideTest('access ends after a quarter of an hour; refreshing gives new access', async () => {
    const { call, server } = world();
    const { token, refreshToken } = await join(call, 'ann');
    server.advance(15 * 60_000);
    const late = await call('getMe', { token });
    expect(late.body.code).toBe('invalid_token');
    expect(late.headers.get('www-authenticate')).toContain('Bearer');
    const { session } = (await call('refreshSession', { body: { refreshToken } })).body;
    expect((await call('getMe', { token: session.accessToken })).status).toBe(200);
  });

  insideTest(
    'a lost answer to a refresh is harmless; an old refresh token used late ends the session',
    async () => {
      const { call, server } = world();
      const { refreshToken } = await join(call, 'ann');
      const first = await call('refreshSession', { body: { refreshToken } });
      expect((await call('refreshSession', { body: { refreshToken } })).body).toEqual(first.body);
      server.advance(31_000);
      expect((await call('refreshSession', { body: { refreshToken } })).body.code).toBe('invalid_token');
      const successor = { refreshToken: first.body.session.refreshToken };
      expect((await call('refreshSession', { body: successor })).body.code).toBe('invalid_token');
      expect((await call('getMe', { token: first.body.session.accessToken })).status).toBe(401);
    },
  );

  test('an old refresh token ends the session at once when its successor was refreshed meanwhile', async () => {
    const { call } = world();
    const { refreshToken } = await join(call, 'ann');
    const refresh = (token: string) => call('refreshSession', { body: { refreshToken: token } });
    const first = (await refresh(refreshToken)).body.session;
    const second = (await refresh(first.refreshToken)).body.session;
    expect((await refresh(first.refreshToken)).body.session).toEqual(second);
    expect((await refresh(refreshToken)).body.code).toBe('invalid_token');
    expect((await call('getMe', { token: second.accessToken })).status).toBe(401);
    expect((await refresh(second.refreshToken)).body.code).toBe('invalid_token');
  });

  test('sessions are listed, newest first, and ended one by one', async () => {
    const { call } = world();
    const { token, handle, password, sessionId } = await join(call, 'ann');
    const headers = { 'user-agent': 'Barricade/1.0' };
    const second = (await call('createSession', { body: { handle, password }, headers })).body.session;
    const { items } = (await call('listSessions', { token })).body;
    expect(items).toMatchObject([
      { sessionId: second.sessionId, current: false, userAgent: 'Barricade/1.0' },
      { sessionId, current: true },
    ]);
    const ended = await call('deleteSession', { token, path: { sessionId: second.sessionId } });
    expect(ended.status).toBe(204);
    expect((await call('getMe', { token: second.accessToken })).status).toBe(401);
    expect((await call('deleteSession', { token, path: { sessionId: 'current' } })).status).toBe(204);
    expect((await call('getMe', { token })).status).toBe(401);
  });

  test("nobody ends another's session", async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const answer = await call('deleteSession', { token: bob.token, path: { sessionId: ann.sessionId } });
    expect(answer.body.code).toBe('session_not_found');
    expect((await call('getMe', { token: ann.token })).status).toBe(200);
  });

  test('a token may do what its scopes say, until it is deleted', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    const made = await call('createToken', { token, body: { name: 'Reader', scopes: ['read'] } });
    const reader = { token: made.body.secret };
    expect((await call('getMe', reader)).status).toBe(200);
    const post = await call('createPost', { ...reader, body: { text: 'May I?' } });
    expect(post.body.code).toBe('insufficient_scope');
    const { tokenId } = made.body.token;
    const { items } = (await call('listTokens', { token })).body;
    expect(items).toEqual([made.body.token]);
    expect((await call('deleteToken', { token, path: { tokenId } })).status).toBe(204);
    expect((await call('getMe', reader)).body.code).toBe('invalid_token');
  });

  test('no token makes another that may do more', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    const body = { name: 'Writer', scopes: ['write'] };
    const writer = { token: (await call('createToken', { token, body })).body.secret };
    const more = await call('createToken', { ...writer, body: { name: 'More', scopes: ['read', 'write'] } });
    expect(more.body.code).toBe('insufficient_scope');
    const admin = await call('createToken', { token, body: { name: 'Admin', scopes: ['admin'] } });
    expect(admin.body.code).toBe('insufficient_role');
  });

  insideTest('a token ends when it was made to', async () => {
    const { call, server } = world();
    const { token, refreshToken } = await join(call, 'ann');
    const { body } = await call('createToken', { token, body: { name: 'Brief', scopes: ['read'] } });
    const at = Date.parse(body.token.createdAt);
    const expiresAt = (seconds: number) => new Date(at + seconds * 1000).toISOString();
    const past = { name: 'Past', scopes: ['read'], expiresAt: expiresAt(-1) };
    expect((await call('createToken', { token, body: past })).body.code).toBe('invalid_input');
    const brief = { name: 'Brief', scopes: ['read'], expiresAt: expiresAt(60) };
    const { secret } = (await call('createToken', { token, body: brief })).body;
    expect((await call('getMe', { token: secret })).status).toBe(200);
    server.advance(60_000);
    expect((await call('getMe', { token: secret })).status).toBe(401);
    expect((await call('refreshSession', { body: { refreshToken } })).status).toBe(200);
  });
});
