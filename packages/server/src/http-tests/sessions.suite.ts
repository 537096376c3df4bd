import { expect, test } from 'vitest';
import type { Answer } from './client.ts';
import { createToken, join } from './people.ts';
import { suite } from './suite.ts';

const withoutRequestId = ({ status, body: { requestId: _, ...body } }: Answer) => ({ status, body });

export const sessions = suite('sessions and tokens', (world, insideTest) => {
  test('an unknown handle and a wrong password get the same response', async () => {
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

  test('an old refresh token ends the session immediately if its successor was refreshed', async () => {
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
    await expect.poll(async () => (await call('getMe', { token: second.accessToken })).status).toBe(401);
    expect((await call('deleteSession', { token, path: { sessionId: 'current' } })).status).toBe(204);
    // Another server that has read the session receives its end a moment later.
    await expect.poll(async () => (await call('getMe', { token })).status).toBe(401);
  });

  test("nobody ends another's session", async () => {
    const { call } = world();
    const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
    const answer = await call('deleteSession', { token: bob.token, path: { sessionId: ann.sessionId } });
    expect(answer.body.code).toBe('session_not_found');
    expect((await call('getMe', { token: ann.token })).status).toBe(200);
  });

  test('a token has the permissions of its scopes until it is deleted', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    const { token } = ann;
    const made = await createToken(call, ann, { name: 'Reader', scopes: ['read'] });
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

  test('creating a token and deleting the account require the password, and do not work with tokens', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    const { token, password } = ann;
    const all = { name: 'All', scopes: ['read', 'write'] };
    const bot = (await createToken(call, ann, all)).body.secret;
    for (const [id, body] of [['createToken', all] as const, ['deleteMe', {}] as const]) {
      const codeOf = async (secret: string, given: object) =>
        (await call(id, { token: secret, body: { ...body, ...given } })).body?.code;
      expect(await codeOf(bot, { password })).toBe('session_required');
      expect(await codeOf(token, { password: 'not the one' })).toBe('wrong_password');
      expect(await codeOf(token, {})).toBe('invalid_input');
    }
    expect((await call('listTokens', { token })).body.items).toHaveLength(1);
    expect((await call('getMe', { token: bot })).status).toBe(200);
  });

  test('only moderators and admins create tokens with the scope admin', async () => {
    const { call } = world();
    const admin = await createToken(call, await join(call, 'ann'), { name: 'Admin', scopes: ['admin'] });
    expect(admin.body.code).toBe('insufficient_role');
  });

  test('a password change or a suspension permanently revokes tokens', async () => {
    const { call, server } = world();
    const [boss, ann, bob] = [await join(call, 'boss'), await join(call, 'ann'), await join(call, 'bob')];
    await server.grantAdmin(boss.handle);
    const [hers, his] = [
      (await createToken(call, ann, { name: 'Hers', scopes: ['read'] })).body.secret,
      (await createToken(call, bob, { name: 'His', scopes: ['read'] })).body.secret,
    ];
    const change = { currentPassword: ann.password, newPassword: `another ${ann.password}` };
    expect((await call('changePassword', { token: ann.token, body: change })).status).toBe(204);
    const path = { accountId: bob.accountId };
    await call('suspendAccount', { token: boss.token, path, body: {} });
    await call('reinstateAccount', { token: boss.token, path });
    for (const secret of [hers, his]) {
      expect((await call('getMe', { token: secret })).body.code).toBe('invalid_token');
    }
    const { session } = (
      await call('createSession', { body: { handle: bob.handle, password: bob.password } })
    ).body;
    expect((await call('listTokens', { token: session.accessToken })).body.items).toEqual([]);
  });

  insideTest('a token ends when it was made to', async () => {
    const { call, server } = world();
    const ann = await join(call, 'ann');
    const { body } = await createToken(call, ann, { name: 'Brief', scopes: ['read'] });
    const at = Date.parse(body.token.createdAt);
    const expiresAt = (seconds: number) => new Date(at + seconds * 1000).toISOString();
    const past = { name: 'Past', scopes: ['read'], expiresAt: expiresAt(-1) };
    expect((await createToken(call, ann, past)).body.code).toBe('invalid_input');
    const brief = { name: 'Brief', scopes: ['read'], expiresAt: expiresAt(60) };
    const { secret } = (await createToken(call, ann, brief)).body;
    expect((await call('getMe', { token: secret })).status).toBe(200);
    server.advance(60_001);
    expect((await call('getMe', { token: secret })).status).toBe(401);
    await server.runUpkeep();
    const { items } = (await call('listTokens', { token: ann.token })).body;
    expect(items).toEqual([body.token]);
    const refreshed = await call('refreshSession', { body: { refreshToken: ann.refreshToken } });
    expect(refreshed.status).toBe(200);
  });
});
