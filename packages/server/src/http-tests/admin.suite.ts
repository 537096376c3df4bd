import { expect, test } from 'vitest';
import { createToken, join, post } from './people.ts';
import { suite, type World } from './suite.ts';

async function joinAsAdmin({ call, server }: World) {
  const admin = await join(call, 'boss');
  await server.grantAdmin(admin.handle);
  return admin;
}

export const admin = suite('administration', (world) => {
  test('requires the role', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    expect((await call('getStats', { token })).body.code).toBe('insufficient_role');
    expect((await call('getStats')).body.code).toBe('unauthenticated');
    const boss = await joinAsAdmin(world());
    expect((await call('getStats', { token: boss.token })).body.accounts).toBeGreaterThanOrEqual(2);
    const reader = await createToken(call, boss, { name: 'R', scopes: ['read'] });
    expect((await call('getStats', { token: reader.body.secret })).body.code).toBe('insufficient_scope');
  });

  test('a suspended account is signed out and hidden until it is reinstated', async () => {
    const { call, server } = world();
    const [boss, ann] = [await joinAsAdmin(world()), await join(call, 'ann')];
    const postId = await post(call, ann, 'Hello');
    const suspension = { token: boss.token, path: { accountId: ann.accountId } };
    const suspended = await call('suspendAccount', { ...suspension, body: { reason: 'Spam.' } });
    expect(suspended.body).toMatchObject({ suspensionReason: 'Spam.', suspendedAt: expect.any(String) });
    expect((await call('getMe', { token: ann.token })).body.code).toBe('invalid_token');
    expect((await call('getPost', { path: { postId } })).status).toBe(404);
    const credentials = { handle: ann.handle, password: ann.password };
    expect((await call('createSession', { body: credentials })).body.code).toBe('account_suspended');
    const wrong = await call('createSession', { body: { ...credentials, password: 'not the one' } });
    expect(wrong.body.code).toBe('invalid_credentials');
    const listed = await call('listAllAccounts', { token: boss.token, query: { status: 'suspended' } });
    expect(listed.body.items).toMatchObject([{ accountId: ann.accountId }]);
    await call('reinstateAccount', suspension);
    await server.settled();
    expect((await call('getPost', { path: { postId } })).status).toBe(200);
    expect((await call('createSession', { body: credentials })).status).toBe(201);
  });

  test('moderators act on users, not on each other, and cannot make admins', async () => {
    const { call } = world();
    const [boss, mod, other] = [await joinAsAdmin(world()), await join(call, 'mod'), await join(call, 'mod')];
    for (const { accountId } of [mod, other]) {
      await call('setRole', { token: boss.token, path: { accountId }, body: { role: 'moderator' } });
    }
    const { token } = mod;
    const onOther = { token, path: { accountId: other.accountId } };
    expect((await call('suspendAccount', onOther)).body.code).toBe('insufficient_role');
    const promotion = await call('setRole', { ...onOther, body: { role: 'admin' } });
    expect(promotion.body.code).toBe('insufficient_role');
    const onSelf = await call('suspendAccount', { token, path: { accountId: mod.accountId } });
    expect(onSelf.body.code).toBe('self_action');
  });

  test('removed content is deleted, and the audit log says by whom', async () => {
    const { call } = world();
    const [boss, ann] = [await joinAsAdmin(world()), await join(call, 'ann')];
    const { token } = boss;
    const path = { postId: await post(call, ann, 'Spam') };
    const reply = await call('createReply', { token: ann.token, path, body: { text: 'More spam' } });
    const { replyId } = reply.body;
    expect((await call('removeReply', { token, path: { replyId } })).status).toBe(204);
    expect((await call('removePost', { token, path })).status).toBe(204);
    expect((await call('removePost', { token, path })).body.code).toBe('post_not_found');
    const log = await call('listAuditLog', { token, query: { limit: 2 } });
    expect(log.body.items).toMatchObject([
      { action: 'post_removed', subject: null, subjectId: path.postId, actor: { handle: boss.handle } },
      { action: 'reply_removed', subjectId: replyId },
    ]);
  });
});

export const lastAdmin = suite('the last admin', (world) => {
  test('stays', async () => {
    const { call } = world();
    const boss = await joinAsAdmin(world());
    const path = { accountId: boss.accountId };
    const demotion = await call('setRole', { token: boss.token, path, body: { role: 'user' } });
    expect(demotion.body.code).toBe('last_admin');
    expect((await call('deleteMe', { token: boss.token, body: { password: boss.password } })).body.code).toBe(
      'last_admin',
    );
  });
});
