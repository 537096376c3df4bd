import { expect, test } from 'vitest';
import { join } from './people.ts';
import { suite } from './suite.ts';

const limits = (limit: number) => ({ limit, windowSeconds: 60 });
/** Long enough that nothing is allowed again while a test runs. */
const perDay = (limit: number) => ({ limit, windowSeconds: 86_400 });

export const rateLimits = suite(
  'rate limits',
  (world) => {
    test('every response shows its rate limit; beyond it comes 429 with Retry-After', async () => {
      const { call, server } = world();
      const { token } = await join(call, 'ann');
      const posted = await call('createPost', { token, body: { text: 'one' } });
      expect(posted.headers.get('ratelimit-policy')).toBe('"write";q=3;w=60');
      expect(posted.headers.get('ratelimit')).toBe('"write";r=2;t=20');
      for (const text of ['two', 'three']) await call('createPost', { token, body: { text } });
      const refused = await call('createPost', { token, body: { text: 'four' } });
      expect(refused.body.code).toBe('rate_limited');
      expect(refused.headers.get('ratelimit')).toContain('"write";r=0');
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(20);
      expect((await call('getMe', { token })).status).toBe(200);
      server.advance(seconds * 1000);
      expect((await call('createPost', { token, body: { text: 'four' } })).status).toBe(201);
    });

    test('one account does not use up the limit of another', async () => {
      const { call } = world();
      const [ann, bob] = [await join(call, 'ann'), await join(call, 'bob')];
      for (let turn = 0; turn < 4; turn++) {
        await call('createPost', { token: ann.token, body: { text: `${turn}` } });
      }
      expect((await call('createPost', { token: bob.token, body: { text: 'Mine' } })).status).toBe(201);
    });

    test('password guessing is limited for each handle, ignoring case, before the password is checked', async () => {
      const { call } = world();
      const { handle, password } = await join(call, 'ann');
      for (let turn = 0; turn < 4; turn++) {
        const wrong = { handle: turn % 2 === 0 ? handle : handle.toUpperCase(), password: 'not the one' };
        expect((await call('createSession', { body: wrong })).body.code).toBe('invalid_credentials');
      }
      const right = await call('createSession', { body: { handle, password } });
      expect(right.body.code).toBe('rate_limited');
      expect(right.headers.get('ratelimit-policy')).toBe('"signIn";q=4;w=60');
      const other = { handle: 'somebody_else', password: 'not the one' };
      expect((await call('createSession', { body: other })).body.code).toBe('invalid_credentials');
    });

    test('password changes are limited like sign-ins', async () => {
      const { call } = world();
      const { token } = await join(call, 'ann');
      const body = { currentPassword: 'not the one', newPassword: 'a wholly new password' };
      const codes: string[] = [];
      for (let turn = 0; turn < 5; turn++) {
        codes.push((await call('changePassword', { token, body })).body.code);
      }
      expect(codes).toEqual([...Array(4).fill('wrong_password'), 'rate_limited']);
    });
  },
  {
    rateLimits: {
      write: { perAccount: limits(3), perAddress: null },
      signIn: { perAccount: limits(4), perAddress: null },
    },
  },
);

export const addressLimits = suite(
  'rate limits of an address',
  (world) => {
    test('token guessing is limited', async () => {
      const { call } = world();
      const codes: string[] = [];
      for (let turn = 0; turn < 6; turn++) {
        codes.push((await call('getMe', { token: `twa_${turn}` })).body.code);
      }
      expect(codes).toEqual([...Array(5).fill('invalid_token'), 'rate_limited']);
    });

    test('a forged X-Forwarded-For does not bypass them', async () => {
      const { call, server } = world();
      server.advance(3_600_000);
      const codes: string[] = [];
      for (let turn = 0; turn < 6; turn++) {
        const headers = { 'x-forwarded-for': `192.0.2.${turn}` };
        codes.push((await call('getMe', { headers })).body.code);
      }
      expect(codes).toEqual([...Array(5).fill('unauthenticated'), 'rate_limited']);
    });

    test('sign-ups are limited before the body is read', async () => {
      const { call } = world();
      const codes: string[] = [];
      for (let turn = 0; turn < 3; turn++) codes.push((await call('createAccount', { body: {} })).body.code);
      expect(codes).toEqual(['invalid_input', 'invalid_input', 'rate_limited']);
    });
  },
  {
    rateLimits: {
      read: { perAccount: null, perAddress: limits(5) },
      signUp: { perAccount: null, perAddress: limits(2) },
    },
  },
);

export const signInLimits = suite(
  'rate limits of signing in',
  (world) => {
    const signIn = async (handle: string, address: string, given: Readonly<Record<string, string>> = {}) => {
      const body = { handle, password: 'not the one', ...given };
      const answer = await world().call('createSession', { body, headers: { 'x-forwarded-for': address } });
      return answer.body.code ?? answer.status;
    };

    test('guessing is strictly limited for one network, and does not lock out others', async () => {
      const { handle, password } = await join(world().call, 'ann');
      for (const address of ['192.0.2.1', '2001:db8:1:1::1']) {
        const codes = [];
        for (let turn = 0; turn < 3; turn++) codes.push(await signIn(handle, address, {}));
        expect(codes).toEqual(['invalid_credentials', 'invalid_credentials', 'rate_limited']);
      }
      // Another address of the same /64.
      expect(await signIn(handle, '2001:db8:1:1::2')).toBe('rate_limited');
      expect(await signIn(handle, '192.0.2.2', { password })).toBe(201);
    });

    test('the /64s of one IPv6 site share four times the limit', async () => {
      const { handle, password } = await join(world().call, 'ann');
      const codes = [];
      for (let n = 0; n < 9; n++) codes.push(await signIn(handle, `2001:db8:2:${n}::1`));
      expect(codes).toEqual([...Array(8).fill('invalid_credentials'), 'rate_limited']);
      expect(await signIn(handle, '2001:db8:3::1', { password })).toBe(201);
    });

    test('a known device can sign in while many networks guess', async () => {
      const { call } = world();
      const handle = 'valjean_known';
      const password = `a long password of ${handle}`;
      const { deviceToken } = (await call('createAccount', { body: { handle, password } })).body;
      for (let n = 0; n < 20; n++) {
        expect(await signIn(handle, `10.0.${n}.1`)).toBe('invalid_credentials');
      }
      expect(await signIn(handle, '10.0.99.1', { password })).toBe('rate_limited');
      expect(await signIn(handle, '10.0.99.1', { password, deviceToken })).toBe(201);
      // A device token does not bypass the limit: it is counted separately, and belongs to one account.
      expect(await signIn(handle, '10.0.99.1', { deviceToken })).toBe('invalid_credentials');
      expect(await signIn(handle, '10.0.99.1', { password, deviceToken })).toBe('rate_limited');
      expect(await signIn(handle, '10.0.99.2', { password, deviceToken: 'twd_forged' })).toBe('rate_limited');
    });
  },
  {
    trustedProxies: 1,
    rateLimits: {
      signIn: { perAccount: perDay(20), perAddress: null, perAccountAndAddress: perDay(2) },
    },
  },
);
