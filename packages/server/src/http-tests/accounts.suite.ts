import { expect, test } from 'vitest';
import { join } from './people.ts';
import { suite } from './suite.ts';

export const accounts = suite('accounts', (world) => {
  test('signing up signs in', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    const me = await call('getMe', { token: ann.token });
    expect(me.body).toMatchObject({ accountId: ann.accountId, handle: ann.handle, role: 'user' });
  });

  test('handles are unique, ignoring case', async () => {
    const { call } = world();
    const { handle } = await join(call, 'ann');
    const body = { handle: handle.toUpperCase(), password: 'another long password' };
    expect((await call('createAccount', { body })).body).toMatchObject({ code: 'handle_taken' });
    const found = await call('getAccountByHandle', { path: { handle: handle.toUpperCase() } });
    expect(found.body.handle).toBe(handle);
  });

  test('handles that could speak for the instance are reserved, ignoring case and underscores', async () => {
    const { call } = world();
    for (const handle of ['admin', 'Support', 'MODERATOR', 'root', '_twite_', 'web_master']) {
      const { body } = await call('createAccount', { body: { handle, password: 'a long password' } });
      expect({ handle, code: body.code }).toEqual({ handle, code: 'handle_reserved' });
    }
    const name = (await join(call, 'admin')).handle;
    expect((await call('getAccountByHandle', { path: { handle: name } })).status).toBe(200);
  });

  test('short, huge and common passwords are refused', async () => {
    const { call } = world();
    for (const password of ['short', 'x'.repeat(1_025), 'password1234', 'é'.repeat(513)]) {
      const answer = await call('createAccount', { body: { handle: 'nobody_yet', password } });
      expect(answer.body).toMatchObject({ code: 'invalid_input', errors: [{ path: 'password' }] });
    }
  });

  test('name and bio only change if given', async () => {
    const { call } = world();
    const { token, accountId } = await join(call, 'ann');
    await call('updateMe', { token, body: { displayName: 'Ann 🌱', bio: 'A garden.' } });
    await call('updateMe', { token, body: { bio: '' } });
    const { body } = await call('getAccount', { path: { accountId } });
    expect(body).toMatchObject({ displayName: 'Ann 🌱', bio: '' });
  });

  test('names and bios are trimmed and normalized, and refused if they manipulate surrounding text', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    const kept = await call('updateMe', {
      token,
      body: { displayName: '  He\u0301loise ', bio: 'one\r\ntwo \n' },
    });
    expect(kept.body).toMatchObject({ displayName: 'H\u00e9loise', bio: 'one\ntwo' });
    for (const [field, value, code] of [
      ['displayName', 'a\nb', 'line_break'],
      ['displayName', '\u202enimda', 'bidi_control'],
      ['bio', 'a\u0007b', 'control_character'],
      ['bio', '\u200b\u3164', 'empty'],
      ['bio', 'a\u{e0041}', 'tag_character'],
    ] as const) {
      const { status, body } = await call('updateMe', { token, body: { [field]: value } });
      expect([status, body.errors]).toEqual([422, [expect.objectContaining({ path: field, code })]]);
    }
    const named = { password: 'a long password', name: 'bot\u0000', scopes: ['read'] };
    expect((await call('createToken', { token, body: named })).status).toBe(422);
    expect((await call('createToken', { token, body: { ...named, name: ' \u2066bot' } })).status).toBe(422);
  });

  test('a password matches in any Unicode composition', async () => {
    const { call } = world();
    const { handle } = await join(call, 'ann');
    const other = `${handle}_2`.slice(-30);
    const composed = 'd\u00e9j\u00e0 vu encore';
    const decomposed = composed.normalize('NFD');
    expect((await call('createAccount', { body: { handle: other, password: decomposed } })).status).toBe(201);
    for (const password of [composed, decomposed]) {
      expect((await call('createSession', { body: { handle: other, password } })).status).toBe(201);
    }
    const wrong = await call('createSession', { body: { handle: other, password: `${decomposed}!` } });
    expect(wrong.body.code).toBe('invalid_credentials');
  });

  test('a deleted account disappears with its posts and sessions', async () => {
    const { call, server } = world();
    const { token, accountId, handle, password } = await join(call, 'ann');
    const { postId } = (await call('createPost', { token, body: { text: 'Farewell' } })).body;
    expect((await call('deleteMe', { token, body: { password } })).status).toBe(204);
    expect((await call('getMe', { token })).body.code).toBe('invalid_token');
    expect((await call('getPost', { path: { postId } })).body.code).toBe('post_not_found');
    expect((await call('getAccount', { path: { accountId } })).body.code).toBe('account_not_found');
    const again = await call('createSession', { body: { handle, password } });
    expect(again.body.code).toBe('invalid_credentials');
    await server.settled();
    expect((await call('getPost', { path: { postId } })).status).toBe(404);
  });

  test('a new password ends every other session', async () => {
    const { call } = world();
    const { token, handle, password } = await join(call, 'ann');
    const other = (await call('createSession', { body: { handle, password } })).body.session.accessToken;
    const wrong = { currentPassword: 'not the one', newPassword: 'a wholly new password' };
    expect((await call('changePassword', { token, body: wrong })).body.code).toBe('wrong_password');
    const right = { ...wrong, currentPassword: password };
    expect((await call('changePassword', { token, body: right })).status).toBe(204);
    expect((await call('getMe', { token })).status).toBe(200);
    expect((await call('getMe', { token: other })).status).toBe(401);
    const old = await call('createSession', { body: { handle, password } });
    expect(old.body.code).toBe('invalid_credentials');
    const renewed = await call('createSession', { body: { handle, password: right.newPassword } });
    expect(renewed.status).toBe(201);
  });
});
