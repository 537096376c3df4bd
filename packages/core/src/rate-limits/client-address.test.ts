import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientKey, networksOf, siteKey } from './client-address.ts';

const runs = { numRuns: 1000 };
const group = fc.integer({ min: 0, max: 0xffff });
const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));

describe('clientKey', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:4711', '192.0.2.7'],
    [' 192.0.2.7 ', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['[::ffff:192.0.2.7]:443', '192.0.2.7'],
    ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
    ['2001:0DB8:0000:0001::', '2001:db8:0:1::/64'],
    ['2001:db8::1', '2001:db8::/64'],
    ['[2001:db8::1]', '2001:db8::/64'],
    ['[2001:db8::1]:80', '2001:db8::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '::/64'],
    ['::', '::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b::/64'],
    ['::192.0.2.7', '::/64'],
  ])('%s is counted as %s', (address, key) => {
    expect(clientKey(address)).toBe(key);
  });

  it.each([
    '',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.02.7',
    '192.0.2.7.8',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    ':1:2:3:4:5:6:7',
    '12345::',
    'g::',
    ':::',
    '192.0.2.7::',
    '::192.0.2.7:1',
    '::ffff:192.0.02.7',
    '::ffff:0x1.0.2.7',
    '__proto__',
    '1'.repeat(1_000_000),
  ])('invalid addresses share one key (%#)', (address) => {
    expect(clientKey(address)).toBe('unknown');
  });

  it('is the same for every address of a /64, in any notation', () => {
    fc.assert(
      fc.property(
        fc.array(group, { minLength: 8, maxLength: 8 }),
        fc.array(group, { minLength: 4, maxLength: 4 }),
        (address, rest) => {
          fc.pre(address.slice(0, 4).some((value) => value !== 0));
          const short = address.map((value) => value.toString(16)).join(':');
          const padded = address.map((value) => value.toString(16).padStart(4, '0').toUpperCase()).join(':');
          const neighbour = [...address.slice(0, 4), ...rest].map((value) => value.toString(16)).join(':');
          expect(clientKey(short)).toMatch(/::\/64$/);
          expect(clientKey(padded)).toBe(clientKey(short));
          expect(clientKey(neighbour)).toBe(clientKey(short));
          // Keys are stable: the part before /64 has the same key.
          expect(clientKey(clientKey(short).replace('/64', ''))).toBe(clientKey(short));
        },
      ),
      runs,
    );
  });

  it('is the same for an IPv4 client in both address families', () => {
    fc.assert(
      fc.property(octets, (bytes) => {
        const text = bytes.join('.');
        expect(clientKey(text)).toBe(text);
        expect(clientKey(`::ffff:${text}`)).toBe(text);
      }),
      runs,
    );
  });

  it('never throws, and accepts exactly the addresses that Node accepts', () => {
    const alphabet = fc.constantFrom(...'0123456789abcdefABCDEF:.:.::g ');
    const texts = fc.oneof(
      fc.string({ unit: alphabet, maxLength: 42 }),
      fc.ipV6(),
      fc.ipV4(),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const key = clientKey(text);
        expect(key).toMatch(/^(?:unknown|[0-9.]{7,15}|[0-9a-f:]*::\/64)$/);
        if (isIP(text) !== 0) expect(key).not.toBe('unknown');
        else if (!/[[\]%\s]|^[0-9.]+:/.test(text)) expect(key).toBe('unknown');
      }),
      { numRuns: 5000 },
    );
  });
});

describe('networksOf', () => {
  it.each([
    ['192.0.2.7', ['192.0.2.7', '192.0.2/24', '192.0/16', '192/8']],
    ['2001:db8:0:1::5', ['2001:db8:0:1::/64', '2001:db8::/48', '2001:db8::/32']],
    ['2001:db8:7:1::5', ['2001:db8:7:1::/64', '2001:db8:7::/48', '2001:db8::/32']],
    ['::1', ['::/64', '::/48', '::/32']],
    ['nonsense', ['unknown']],
  ])('%s', (address, networks) => {
    expect(networksOf(clientKey(address))).toEqual(networks);
  });

  it('addresses of one /48 share its key, and others do not', () => {
    const site = fc.tuple(group, group, group);
    const rest = fc.tuple(group, group, group, group, group);
    const text = (groups: readonly number[]) => groups.map((one) => one.toString(16)).join(':');
    // An IPv4 address inside IPv6 counts as IPv4.
    const keyOf = (start: readonly number[], end: readonly number[]) =>
      siteKey(clientKey(text([...start, (end[0] ?? 0) | 1, ...end.slice(1)])));
    fc.assert(
      fc.property(site, site, rest, rest, (one, other, first, second) => {
        expect(keyOf(one, first)).toMatch(/::\/48$/);
        expect(keyOf(one, first) === keyOf(other, second)).toBe(text(one) === text(other));
      }),
      runs,
    );
  });
});
