import argon2 from 'argon2';
import { afterEach, expect, test } from 'vitest';
import { createPasswordHasher, type PasswordHasherOptions } from './create-password-hasher.ts';
import { dummyPasswordHash } from './dummy-password-hash.ts';

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

const open = (options?: PasswordHasherOptions) => stack.use(createPasswordHasher(options));

test('a hash is salted argon2id of 19 MiB, two passes and one lane, and verifies', async () => {
  const hasher = open();
  const hash = await hasher.hash('quatre-vingt-treize');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await hasher.hash('quatre-vingt-treize')).not.toBe(hash);
  expect(await hasher.verify(hash, 'quatre-vingt-treize')).toBe(true);
  expect(await hasher.verify(hash, 'quatre-vingt-treizf')).toBe(false);
});

test('hashes are compatible with the reference implementation, in both directions', async () => {
  const hasher = open();
  const password = 'pässwörd \u{1F956} with spaces';
  expect(await argon2.verify(await hasher.hash(password), password)).toBe(true);
  const theirs = await argon2.hash(password, { memoryCost: 8_192, timeCost: 3, parallelism: 2 });
  expect(await hasher.verify(theirs, password)).toBe(true);
  expect(await hasher.verify(theirs, `${password} `)).toBe(false);
});

test('an unknown account costs one hash with the same parameters, and is false', async () => {
  const hasher = open();
  expect(dummyPasswordHash.split('$').slice(0, 4)).toEqual((await hasher.hash('x')).split('$').slice(0, 4));
  // The reference implementation accepts it as a hash with these parameters, so checking it does the work.
  expect(argon2.needsRehash(dummyPasswordHash, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })).toBe(
    false,
  );
  expect(await hasher.verify(undefined, 'anything at all')).toBe(false);
});

test('an invalid stored hash fails the call and not the process', async () => {
  const hasher = open({ concurrency: 1 });
  await expect(hasher.verify('plain text', 'plain text')).rejects.toThrow();
  expect(await hasher.verify(undefined, 'next')).toBe(false);
  expect(hasher.load.processes).toBe(1);
});

test('a flood beyond the queue is refused as overloaded, and all accepted calls complete', async () => {
  const hasher = open({ concurrency: 2, queueLimit: 4 });
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => hasher.verify(undefined, 'a guess')),
  );
  const done = results.filter((result) => result.status === 'fulfilled');
  const refused = results.filter((result) => result.status === 'rejected').map((result) => result.reason);
  expect(done).toHaveLength(6);
  expect(refused).toHaveLength(14);
  for (const reason of refused) expect(reason).toMatchObject({ code: 'overloaded', retryAfterSeconds: 1 });
  expect(hasher).toMatchObject({ load: { waiting: 0, processes: 2 } });
});

test('processes start when needed and end when idle', async () => {
  const hasher = open({ concurrency: 1, idleMs: 1 });
  expect(hasher.load.processes).toBe(0);
  await hasher.hash('first');
  await expect.poll(() => hasher.load.processes).toBe(0);
  expect(await hasher.hash('again')).toContain('$argon2id$');
});

test('disposing refuses waiting and later calls', async () => {
  const hasher = createPasswordHasher({ concurrency: 1 });
  const first = hasher.hash('under way');
  const second = hasher.hash('waiting');
  const outcomes = Promise.allSettled([first, second]);
  await hasher[Symbol.asyncDispose]();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(hasher.hash('late')).rejects.toMatchObject({ code: 'unavailable' });
  expect(hasher.load.processes).toBe(0);
});

test('a hanging process is killed at the deadline, and waiting passwords are hashed', async () => {
  const hasher = open({ concurrency: 1, deadlineMs: 3_000 });
  await hasher.hash('starts the process');
  // Valid, and far beyond any deadline: 200 MiB, a thousand passes.
  const costly = `$argon2id$v=19$m=204800,t=1000,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  const hung = hasher.verify(costly, 'a guess');
  const next = hasher.verify(undefined, 'next');
  await expect(hung).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 1 });
  expect(await next).toBe(false);
});

test('while no process can be started, passwords are refused as overloaded and none waits forever', async () => {
  const hasher = open({ concurrency: 1 });
  const { execPath } = process;
  try {
    process.execPath = '/no/such/node';
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((password) => hasher.hash(password)));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'overloaded' } });
  } finally {
    process.execPath = execPath;
  }
  expect(hasher).toMatchObject({ load: { waiting: 0, processes: 0 } });
  expect(await hasher.hash('again')).toContain('$argon2id$');
});
