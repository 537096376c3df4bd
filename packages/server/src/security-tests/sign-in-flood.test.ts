import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SpawnedServer, spawnServer } from './spawn-server.ts';

const attackers = 100;
const patienceMs = 3_000;

let server: SpawnedServer;
beforeAll(async () => {
  server = await spawnServer({ TWITE_TRUSTED_PROXIES: '1' });
});
afterAll(() => server?.[Symbol.asyncDispose]());

const ask = async (path: string, address: string, body: object, signal?: AbortSignal) => {
  const response = await fetch(`${server.url}/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify(body),
    signal: signal ?? null,
  });
  // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse has it
  return { status: response.status, body: (await response.json()) as any };
};

const anyAddress = (): string =>
  [randomInt(1, 224), randomInt(256), randomInt(256), randomInt(256)].join('.');

test('while new addresses guess without end, honest people sign in', async () => {
  const people = await Promise.all(
    Array.from({ length: 6 }, async (_, n) => {
      const handle = `honest_${n}`;
      const password = `a long password of ${handle}`;
      const { deviceToken } = (await ask('accounts', `198.51.100.${n}`, { handle, password })).body;
      // Two of them come with a new device.
      return { handle, password, ...(n < 4 ? { deviceToken } : {}) };
    }),
  );
  const end = new AbortController();
  const begun = Promise.withResolvers<void>();
  let guesses = 0;
  const flood = Array.from({ length: attackers }, async (_, n) => {
    while (!end.signal.aborted) {
      const guess = { handle: `honest_${n % 4}`, password: `guess ${guesses++}` };
      if (guesses === 2 * attackers) begun.resolve();
      await ask('sessions', anyAddress(), guess, end.signal).catch(() => {});
    }
  });
  await begun.promise;
  let succeeded = 0;
  for (const [n, person] of people.entries()) {
    const signIn = ask('sessions', `203.0.113.${n}`, person, AbortSignal.timeout(patienceMs));
    const status = await signIn.then(
      (answer) => answer.status,
      () => undefined,
    );
    if (status === 201) succeeded++;
  }
  end.abort();
  await Promise.all(flood);
  expect(guesses).toBeGreaterThan(2 * attackers);
  expect(succeeded).toBeGreaterThanOrEqual(5);
});
