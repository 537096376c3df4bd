import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SpawnedServer, spawnServer } from './spawn-server.ts';

const attackers = 60;

let server: SpawnedServer;
beforeAll(async () => {
  server = await spawnServer({ TWITE_TRUSTED_PROXIES: '1' });
});
afterAll(() => server?.[Symbol.asyncDispose]());

const ask = async (path: string, address: string, body: object) => {
  const response = await fetch(`${server.url}/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse has it
  return { status: response.status, body: (await response.json()) as any };
};

const anyAddress = (): string =>
  [randomInt(1, 224), randomInt(256), randomInt(256), randomInt(256)].join('.');

test('while new addresses guess endlessly, honest users sign in before waiting guesses', async () => {
  const people = await Promise.all(
    Array.from({ length: 6 }, async (_, n) => {
      const handle = `honest_${n}`;
      const password = `a long password of ${handle}`;
      const { deviceToken } = (await ask('accounts', `198.51.100.${n}`, { handle, password })).body;
      // Two of them come with a new device.
      return { handle, password, ...(n < 4 ? { deviceToken } : {}) };
    }),
  );
  const begun = Promise.withResolvers<void>();
  let ended = false;
  let answered = 0;
  const flood = Promise.all(
    Array.from({ length: attackers }, async (_, n) => {
      for (let guess = 0; !ended; guess++) {
        const { status } = await ask('sessions', anyAddress(), {
          handle: `honest_${n % 4}`,
          password: `guess ${guess} of attacker ${n}`,
        });
        expect(status).toBe(401);
        // The others wait by now: each attacker always has one guess with the server.
        if (++answered === attackers) begun.resolve();
      }
    }),
  );
  try {
    await Promise.race([begun.promise, flood]);
    for (const [n, person] of people.entries()) {
      const before = answered;
      const sent = performance.now();
      const { status } = await ask('sessions', `203.0.113.${n}`, person);
      expect(status).toBe(201);
      const ms = Math.round(performance.now() - sent);
      const device = 'deviceToken' in person ? 'known' : 'new';
      console.log(`A person with a ${device} device waited for ${answered - before} guesses, ${ms} ms.`);
      // In the order of arrival, all waiting guesses would have been before them.
      expect(answered - before).toBeLessThan(attackers / 2);
    }
  } finally {
    ended = true;
    await flood;
  }
});
