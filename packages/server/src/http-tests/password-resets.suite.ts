import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { contract } from '@twite/contract';
import { expect, test } from 'vitest';
import { send } from './client.ts';
import { createToken, join } from './people.ts';
import { suite, type World } from './suite.ts';

async function joinAsAdmin({ call, server }: World) {
  const admin = await join(call, 'boss');
  await server.grantAdmin(admin.handle);
  return admin;
}

/** Runs the script of the page on a minimal fake of a browser. */
async function openPage(serverUrl: string, url: string) {
  const { pathname, hash } = new URL(url);
  const html = await (await fetch(`${serverUrl}${pathname}`)).text();
  const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  const inputs = [{ value: '' }, { value: '' }];
  const status = { textContent: '' };
  const location = { pathname, hash };
  let onSubmit: (event: { preventDefault(): void }) => Promise<void> = async () => {};
  const form = {
    hidden: /<form hidden>/.test(html),
    querySelectorAll: () => inputs,
    querySelector: () => ({ disabled: false }),
    addEventListener: (_type: string, listener: typeof onSubmit) => {
      onSubmit = listener;
    },
  };
  runInNewContext(script, {
    URLSearchParams,
    location,
    history: {
      replaceState(_state: null, _title: string, path: string) {
        Object.assign(location, { pathname: path, hash: '' });
      },
    },
    document: { querySelector: (selector: string) => (selector === 'form' ? form : status) },
    fetch: (path: string, init: RequestInit) => fetch(new URL(path, `${serverUrl}${pathname}`), init),
  });
  return {
    form,
    address: () => location.pathname + location.hash,
    message: () => status.textContent,
    type(...passwords: readonly string[]) {
      for (const [index, input] of inputs.entries()) input.value = passwords[index] ?? '';
    },
    async submit() {
      await onSubmit({ preventDefault() {} });
      return status.textContent;
    },
  };
}

const newPassword = 'the barricade of 1832';

export const passwordResets = suite('password resets', (world, insideTest) => {
  test('an admin creates a link that sets a new password once and ends every session and token', async () => {
    const { call, server } = world();
    const [boss, ann] = [await joinAsAdmin(world()), await join(call, 'ann')];
    const { body } = await createToken(call, ann, { name: 'R', scopes: ['read'] });
    const path = { accountId: ann.accountId };
    const made = await call('createPasswordReset', { token: boss.token, path });
    expect(made.status).toBe(201);
    const { token, url, expiresAt } = made.body;
    expect(url).toBe(`${server.url}/password-reset#token=${token}`);
    expect(Date.parse(expiresAt)).toBeGreaterThan(0);
    // Nothing has changed yet.
    expect((await call('getMe', { token: ann.token })).status).toBe(200);

    const common = await call('resetPassword', { body: { token, newPassword: ann.handle } });
    expect(common.body.code).toBe('invalid_input');
    expect((await call('resetPassword', { body: { token, newPassword } })).status).toBe(204);
    for (const secret of [ann.token, body.secret])
      expect((await call('getMe', { token: secret })).body.code).toBe('invalid_token');
    const refresh = await call('refreshSession', { body: { refreshToken: ann.refreshToken } });
    expect(refresh.body.code).toBe('invalid_token');
    const old = await call('createSession', { body: { handle: ann.handle, password: ann.password } });
    expect(old.body.code).toBe('invalid_credentials');
    const signedIn = await call('createSession', { body: { handle: ann.handle, password: newPassword } });
    expect(signedIn.status).toBe(201);

    const again = await call('resetPassword', { body: { token, newPassword: 'another long password' } });
    expect([again.status, again.body.code]).toEqual([422, 'invalid_reset_token']);
    const log = await call('listAuditLog', { token: boss.token, query: { limit: 1 } });
    expect(log.body.items).toMatchObject([
      {
        action: 'password_reset_created',
        subjectId: ann.accountId,
        subject: { accountId: ann.accountId, handle: ann.handle },
        actor: { handle: boss.handle },
      },
    ]);
  });

  test('a newer link or a password change invalidates a link', async () => {
    const { call } = world();
    const [boss, ann] = [await joinAsAdmin(world()), await join(call, 'ann')];
    const create = async (): Promise<string> => {
      const path = { accountId: ann.accountId };
      return (await call('createPasswordReset', { token: boss.token, path })).body.token;
    };
    const first = await create();
    const second = await create();
    const byFirst = await call('resetPassword', { body: { token: first, newPassword } });
    expect(byFirst.body.code).toBe('invalid_reset_token');
    const change = { currentPassword: ann.password, newPassword };
    expect((await call('changePassword', { token: ann.token, body: change })).status).toBe(204);
    const bySecond = await call('resetPassword', { body: { token: second, newPassword } });
    expect(bySecond.body.code).toBe('invalid_reset_token');
  });

  test('of two concurrent uses of a link, one sets the password', async () => {
    const { call } = world();
    const [boss, ann] = [await joinAsAdmin(world()), await join(call, 'ann')];
    const path = { accountId: ann.accountId };
    const { token } = (await call('createPasswordReset', { token: boss.token, path })).body;
    const passwords = ['the first of two passwords', 'the second of two passwords'];
    const used = await Promise.all(
      passwords.map((password) => call('resetPassword', { body: { token, newPassword: password } })),
    );
    expect(used.map(({ status }) => status).sort()).toEqual([204, 422]);
    const winner = passwords[used.findIndex(({ status }) => status === 204)];
    const signIns = await Promise.all(
      passwords.map((password) => call('createSession', { body: { handle: ann.handle, password } })),
    );
    expect(signIns.map(({ status }) => status === 201)).toEqual(passwords.map((one) => one === winner));
  });

  test('admins cannot reset themselves or each other; moderators cannot reset anyone', async () => {
    const { call } = world();
    const [boss, other, mod, ann] = [
      await joinAsAdmin(world()),
      await joinAsAdmin(world()),
      await join(call, 'mod'),
      await join(call, 'ann'),
    ];
    const path = { accountId: mod.accountId };
    await call('setRole', { token: boss.token, path, body: { role: 'moderator' } });
    const codeOf = async (token: string, accountId: string) =>
      (await call('createPasswordReset', { token, path: { accountId } })).body.code;
    expect(await codeOf(boss.token, boss.accountId)).toBe('self_action');
    expect(await codeOf(boss.token, other.accountId)).toBe('insufficient_role');
    expect(await codeOf(mod.token, ann.accountId)).toBe('insufficient_role');
    expect(await codeOf(boss.token, mod.accountId)).toBeUndefined();
    expect(await codeOf(boss.token, '1000000000000000001')).toBe('account_not_found');
  });

  test('a suspended account gets a new password and stays suspended; a deleted one gets none', async () => {
    const { call } = world();
    const [boss, ann] = [await joinAsAdmin(world()), await join(call, 'ann')];
    const path = { accountId: ann.accountId };
    await call('suspendAccount', { token: boss.token, path, body: {} });
    const { token } = (await call('createPasswordReset', { token: boss.token, path })).body;
    expect((await call('resetPassword', { body: { token, newPassword } })).status).toBe(204);
    const credentials = { handle: ann.handle, password: newPassword };
    expect((await call('createSession', { body: credentials })).body.code).toBe('account_suspended');

    await call('reinstateAccount', { token: boss.token, path });
    const { session } = (await call('createSession', { body: credentials })).body;
    const left = (await call('createPasswordReset', { token: boss.token, path })).body;
    expect(
      (await call('deleteMe', { token: session.accessToken, body: { password: newPassword } })).status,
    ).toBe(204);
    const late = await call('resetPassword', { body: { token: left.token, newPassword } });
    expect(late.body.code).toBe('invalid_reset_token');
  });

  insideTest('a link works for an hour', async () => {
    const { call, server } = world();
    const [boss, ann] = [await joinAsAdmin(world()), await join(call, 'ann')];
    const create = async (): Promise<string> => {
      const path = { accountId: ann.accountId };
      const signIn = { handle: boss.handle, password: boss.password };
      const { accessToken } = (await call('createSession', { body: signIn })).body.session;
      return (await call('createPasswordReset', { token: accessToken, path })).body.token;
    };
    const expired = await create();
    server.advance(3_600_000);
    const late = await call('resetPassword', { body: { token: expired, newPassword } });
    expect(late.body.code).toBe('invalid_reset_token');
    const inTime = await create();
    server.advance(3_590_000);
    expect((await call('resetPassword', { body: { token: inTime, newPassword } })).status).toBe(204);
  });

  test('attempts are limited like sign-ins', async () => {
    expect(contract.resetPassword.metadata).toMatchObject({ auth: 'none', rateLimit: 'signIn' });
    const { call } = world();
    const unknown = { token: `tws_${'A'.repeat(43)}`, newPassword };
    const answers = await Promise.all(
      [unknown, { ...unknown, token: 'x' }].map((body) => call('resetPassword', { body })),
    );
    // A link that never existed looks the same as a used one, and no account is named.
    const told = answers.map(({ body: { requestId: _requestId, ...problem } }) => problem);
    expect(told[0]).toEqual(told[1]);
    expect(told[0].code).toBe('invalid_reset_token');
  });

  test('a retry with the same key gets the same link', async () => {
    const { call } = world();
    const [boss, ann] = [await joinAsAdmin(world()), await join(call, 'ann')];
    const request = {
      token: boss.token,
      path: { accountId: ann.accountId },
      headers: { 'idempotency-key': `reset of ${ann.handle}`.replaceAll(' ', '-') },
    };
    const first = await call('createPasswordReset', request);
    expect((await call('createPasswordReset', request)).body).toEqual(first.body);
  });

  test('the page sets the password with the token of the link, and removes it from the address', async () => {
    const { call, server } = world();
    const [boss, ann] = [await joinAsAdmin(world()), await join(call, 'ann')];
    const path = { accountId: ann.accountId };
    const { url } = (await call('createPasswordReset', { token: boss.token, path })).body;
    const page = await openPage(server.url, url);
    expect([page.form.hidden, page.address()]).toEqual([false, '/password-reset']);
    page.type(newPassword, `${newPassword}!`);
    expect(await page.submit()).toBe('The passwords do not match.');
    page.type(ann.handle, ann.handle);
    expect(await page.submit()).toMatch(/^The password must/);
    page.type(newPassword, newPassword);
    expect(await page.submit()).toContain('Your password was changed');
    const credentials = { handle: ann.handle, password: newPassword };
    expect((await call('createSession', { body: credentials })).status).toBe(201);

    const again = await openPage(server.url, url);
    again.type(newPassword, newPassword);
    expect(await again.submit()).toContain('This link was used');
    const without = await openPage(server.url, `${server.url}/password-reset`);
    expect([without.form.hidden, without.message()]).toEqual([true, expect.stringContaining('incomplete')]);
  });

  test('the page only runs its own script, and the server never receives the token', async () => {
    const { server } = world();
    const page = await send(`${server.url}/password-reset`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-inline');
    for (const [tag, directive] of [
      ['script', 'script-src'],
      ['style', 'style-src'],
    ] as const) {
      const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page.body)?.[1] ?? '';
      const digest = createHash('sha256').update(content).digest('base64');
      expect(policy).toContain(`${directive} 'sha256-${digest}'`);
    }
    // The page is served before the user has requested anything: it contains no part of the query.
    const withQuery = await send(`${server.url}/password-reset?token=<script>`);
    expect(withQuery.body).toBe(page.body);
  });
});
