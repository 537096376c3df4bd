import type { HashRequester } from '@twite/core/passwords/password-hasher';
import { networksOf } from '@twite/core/rate-limits/client-address';
import { expect, test } from 'vitest';
import { createFairOrder } from './fair-order.ts';

const from = (address: string, handle: string, isKnown = false): HashRequester => ({
  networks: networksOf(address),
  handle,
  isKnown,
});

const attackers = (count: number, of: (n: number) => HashRequester) =>
  Array.from({ length: count }, (_, n) => of(n));

/** How many of the waiting requests are served before the honest one. */
function turnsBefore(waiting: (HashRequester | undefined)[], honest: HashRequester): number {
  const order = createFairOrder(() => 0);
  const left = [...waiting, honest];
  for (let turn = 0; ; turn++) {
    const [next] = left.splice(order.next(left), 1);
    if (next === honest) return turn;
  }
}

const honest = from('198.51.100.7', 'honest');

test('clients in different networks are served in order of arrival', () => {
  const waiting = [from('192.0.2.1', 'a'), from('198.51.100.1', 'b'), from('10.1.1.1', 'c')];
  expect(turnsBefore(waiting, honest)).toBe(3);
});

test.each([
  ['one address', (n: number) => from('192.0.2.1', `victim${n}`)],
  ['one network of addresses', (n: number) => from(`192.0.2.${n % 256}`, `victim${n}`)],
  ['a network of networks', (n: number) => from(`192.0.${n % 256}.${(n * 7) % 256}`, `victim${n}`)],
  ['a large network', (n: number) => from(`10.${n % 256}.${(n * 7) % 256}.1`, `victim${n}`)],
  ['one IPv6 site', (n: number) => from(`2001:db8:1:${n.toString(16)}::/64`, `victim${n}`)],
  ['everywhere, at one handle', (n: number) => from(`${n % 256}.1.1.1`, 'victim')],
])('100 sign-ins from %s let another client go before all but the first', (_, of) => {
  expect(turnsBefore(attackers(100, of), honest)).toBe(1);
});

test('a known client goes before all unknown ones', () => {
  const strangers = attackers(100, (n) => from(`${n}.1.1.1`, `somebody${n}`));
  expect(turnsBefore(strangers, from('10.0.0.1', 'ann', true))).toBe(0);
});

test('usage decays over time', () => {
  let now = 0;
  const order = createFairOrder(() => now);
  const busy = from('192.0.2.1', 'a');
  const lesser = from('10.1.1.1', 'b');
  for (let turn = 0; turn < 8; turn++) order.next([busy]);
  now = 600_000;
  order.next([lesser]);
  expect(order.next([lesser, busy])).toBe(1);
});

test('a full queue drops a request of the network with the most requests, and keeps the newcomer', () => {
  const order = createFairOrder(() => 0);
  const flood = attackers(20, (n) => from('192.0.2.1', `victim${n}`));
  expect(order.refuse([...flood, honest])).toBe(19);
  expect(order.refuse([honest, ...flood])).toBe(20);
});

test('if all are equal, the newcomer is refused', () => {
  const order = createFairOrder(() => 0);
  expect(order.refuse([from('192.0.2.1', 'a'), from('198.51.100.1', 'b'), from('10.1.1.1', 'c')])).toBe(2);
});

test('a known client is refused only for other known ones', () => {
  const order = createFairOrder(() => 0);
  expect(order.refuse([from('192.0.2.1', 'a'), from('10.1.1.1', 'c', true)])).toBe(0);
});
