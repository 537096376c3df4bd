import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deviceTokenSeconds, makeDeviceToken, readDeviceToken } from './device-token.ts';

const ann = '1855647289012345678';
const bob = '1855647289012345679';
const passwordHash = '$argon2id$v=19$m=19456,p=1,t=2$c2FsdA$dGFn';
let time = Date.parse('2026-11-23T08:00:00.000Z');
const deps = { clock: { now: () => time } };

test('is valid only for its account', () => {
  const token = makeDeviceToken(deps, ann, passwordHash);
  expect(token).toMatch(/^twd_[\w-]{59}$/);
  const device = readDeviceToken(deps, token, ann, passwordHash);
  expect(device?.deviceId).toMatch(/^[0-9a-f]{24}$/);
  expect(readDeviceToken(deps, token, bob, passwordHash)).toBeUndefined();
});

test('stays the same device when it is renewed', () => {
  const device = readDeviceToken(deps, makeDeviceToken(deps, ann, passwordHash), ann, passwordHash);
  const renewed = makeDeviceToken(deps, ann, passwordHash, device);
  expect(readDeviceToken(deps, renewed, ann, passwordHash)).toEqual(device);
});

test('expires with the password, and after half a year', () => {
  const token = makeDeviceToken(deps, ann, passwordHash);
  expect(readDeviceToken(deps, token, ann, `${passwordHash}x`)).toBeUndefined();
  const start = time;
  time += deviceTokenSeconds * 1000;
  expect(readDeviceToken(deps, token, ann, passwordHash)).toBeUndefined();
  time = start;
});

test('cannot be forged or changed, and nothing throws', () => {
  const token = makeDeviceToken(deps, ann, passwordHash);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `twd_${text}`),
        fc.base64String().map((text) => `twd_${text}`),
        fc.tuple(fc.nat(token.length - 5), fc.constantFrom(...'AZaz09-_')).map(([at, letter]) => {
          const index = at + 4;
          return token.slice(0, index) + letter + token.slice(index + 1);
        }),
      ),
      (forged) => {
        const same = Buffer.from(forged.slice(4), 'base64url').equals(
          Buffer.from(token.slice(4), 'base64url'),
        );
        if (!same) expect(readDeviceToken(deps, forged, ann, passwordHash)).toBeUndefined();
      },
    ),
    { numRuns: 1_000 },
  );
});
