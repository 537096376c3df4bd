import { Unavailable } from '@twite/core/unavailable';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineOpenError } from '../engine-open-error.ts';
import { MongoIdempotencyStore } from './idempotency-store.ts';
import { isProcessAlive, leaseProcess } from './process-lease.ts';
import { hooked } from './testing/hooked.ts';
import { mongoUrl, openTestMongo, type TestMongo } from './testing/open-mongo.ts';

const log = () => {};

describe.runIf(mongoUrl)('a lease of a machine number (TWITE_TEST_MONGODB_URL)', () => {
  let mongo: TestMongo;
  beforeEach(async () => {
    mongo = await openTestMongo();
  });
  afterEach(() => mongo[Symbol.asyncDispose]());

  const lease = (options: Parameters<typeof leaseProcess>[2] = {}) =>
    leaseProcess(mongo.context.collections, log, options);

  /** Leases all numbers but some to live processes. */
  async function occupy(...free: number[]): Promise<void> {
    const others = Array.from({ length: 1024 }, (_, machine) => machine).filter((id) => !free.includes(id));
    await mongo.context.collections.processes.insertMany(
      others.map((_id) => ({
        _id,
        processId: `other-${_id}`,
        host: 'other:1',
        expiresAt: new Date(Date.now() + 60_000),
      })),
    );
  }

  it('is held by one process, even if several start at once', async () => {
    await occupy(...Array.from({ length: 40 }, (_, i) => i * 3));
    const leases = await Promise.all(Array.from({ length: 40 }, () => lease()));
    expect(new Set(leases.map(({ machine }) => machine)).size).toBe(40);
    expect(new Set(leases.map(({ processId }) => processId)).size).toBe(40);
    expect(leases.every((each) => each.isHeld())).toBe(true);
    await expect(lease()).rejects.toThrow('All 1,024 machine numbers are in use');
    await Promise.all(leases.map((each) => each[Symbol.asyncDispose]()));
    expect(leases.some((each) => each.isHeld())).toBe(false);
  });

  it('is leased again after it expired, to one process, whose ids continue above the previous ones', async () => {
    await occupy(7);
    const first = await lease();
    expect(first.machine).toBe(7);
    const before = first.ids.next();
    await first[Symbol.asyncDispose]();
    // The clock of the next process is behind.
    const idsClock = { now: () => Date.now() - 60_000 };
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => lease({ idsClock })));
    const given = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(given.map(({ machine }) => machine)).toEqual([7]);
    const [second] = given;
    expect((second?.ids.next() ?? '') > before).toBe(true);
    await second?.[Symbol.asyncDispose]();
  });

  it('is assigned longest-released first', async () => {
    await occupy();
    const ended = [
      [5, 3_000],
      [9, 8_000],
      [600, 5_000],
    ] as const;
    for (const [_id, agoMs] of ended) {
      await mongo.context.collections.processes.updateOne(
        { _id },
        { $set: { expiresAt: new Date(Date.now() - agoMs) } },
      );
    }
    const machines: number[] = [];
    for (let i = 0; i < 3; i++) machines.push((await lease()).machine);
    expect(machines).toEqual([9, 600, 5]);
  });

  it('lasts while it is renewed', async () => {
    await occupy(3);
    const leaseMs = 3_000;
    const held = await lease({ leaseMs, renewMs: 20 });
    const { processes } = mongo.context.collections;
    const first = (await processes.findOne({ _id: 3 }))?.expiresAt.getTime() ?? 0;
    await expect
      .poll(async () => (await processes.findOne({ _id: 3 }))?.expiresAt.getTime())
      .toBeGreaterThan(first + leaseMs);
    expect(held.isHeld()).toBe(true);
    expect(await isProcessAlive(mongo.context.collections, held.processId, Date.now())).toBe(true);
    await held[Symbol.asyncDispose]();
    expect(await isProcessAlive(mongo.context.collections, held.processId, Date.now())).toBe(false);
  });

  it('ends when another process has the number; then another number is leased', async () => {
    await occupy(3);
    const { processes } = mongo.context.collections;
    const lines: string[] = [];
    const held = await leaseProcess(mongo.context.collections, ({ msg }) => lines.push(msg), {
      leaseMs: 60_000,
      renewMs: 10,
    });
    const before = held.ids.next();
    await processes.updateOne(
      { _id: 3 },
      { $set: { processId: 'other', expiresAt: new Date(Date.now() + 60_000) } },
    );
    await expect.poll(() => held.isHeld(), { interval: 5 }).toBe(false);
    expect(() => held.ids.next()).toThrow(Unavailable);
    // Another number becomes free.
    await processes.updateOne({ _id: 9 }, { $set: { expiresAt: new Date(0) } });
    await expect.poll(() => held.isHeld(), { interval: 5 }).toBe(true);
    expect(held.machine).toBe(9);
    expect(held.ids.next() > before).toBe(true);
    expect(await isProcessAlive(mongo.context.collections, held.processId, Date.now())).toBe(true);
    expect(lines.filter((line) => line.includes('lease lost'))).toHaveLength(1);
    expect(lines).toContain('machine number lease regained');
    await held[Symbol.asyncDispose]();
  });

  it('allows no ids while it cannot be renewed, and continues with the same number afterwards', async () => {
    await occupy(3);
    const { promise: isBack, resolve: comeBack } = Promise.withResolvers<void>();
    const processes = hooked(mongo.context.collections.processes, 'updateOne', () => isBack);
    const held = await leaseProcess({ processes }, log, { leaseMs: 1_000, renewMs: 10 });
    const before = held.ids.next();
    await expect.poll(() => held.isHeld(), { interval: 5 }).toBe(false);
    expect(() => held.ids.next()).toThrow(Unavailable);
    comeBack();
    // The delayed renewal has used up its own time; the next one lasts.
    await expect.poll(() => held.ids.next() > before, { interval: 5 }).toBe(true);
    expect(held.machine).toBe(3);
    await held[Symbol.asyncDispose]();
  });

  it('is checked before ids are generated again, and ends if the data is too new for this process', async () => {
    await occupy(3);
    const { processes } = mongo.context.collections;
    let refuses = false;
    const floor = '9000000000000000000';
    const held = await leaseProcess(mongo.context.collections, log, {
      leaseMs: 60_000,
      renewMs: 10,
      async beforeRegain() {
        if (refuses) throw new EngineOpenError('a restore is under way');
        return floor;
      },
    });
    const before = held.ids.next();
    const loseIt = () =>
      processes.updateOne({ _id: 3 }, { $set: { processId: 'other', expiresAt: new Date(0) } });
    await loseIt();
    // A restore brought newer ids.
    await expect.poll(() => held.isHeld() && held.ids.next() > floor, { interval: 5 }).toBe(true);
    expect(before < floor).toBe(true);
    refuses = true;
    await loseIt();
    expect((await held.failed).message).toContain('a restore is under way');
    expect(() => held.ids.next()).toThrow(Unavailable);
    await held[Symbol.asyncDispose]();
  });

  it('also ends by the wall clock, because the monotonic clock can stop while the machine sleeps', async () => {
    await occupy(3);
    let aheadMs = 0;
    const held = await leaseProcess(mongo.context.collections, log, {
      leaseMs: 30_000,
      renewMs: 60_000,
      wallNow: () => Date.now() + aheadMs,
    });
    held.ids.next();
    aheadMs = 30_001;
    expect(held.isHeld()).toBe(false);
    expect(() => held.ids.next()).toThrow(Unavailable);
    aheadMs = 0;
    await held[Symbol.asyncDispose]();
  });

  it('protects the claims of its process, which are taken over with their ids after it ended', async () => {
    const idempotency = new MongoIdempotencyStore(mongo.context);
    const owner = await lease();
    const claim = {
      keyHash: 'key',
      fingerprint: 'payload',
      resourceId: '1',
      owner: owner.processId,
      expiresAt: 2_000,
      now: 1_000,
    };
    await idempotency.claim(claim);
    const other = { ...claim, owner: 'other', resourceId: '2' };
    expect(await idempotency.claim(other)).toEqual({ state: 'in_flight' });
    await owner[Symbol.asyncDispose]();
    const taken = await Promise.all(
      ['other', 'third', 'fourth'].map((id) => idempotency.claim({ ...other, owner: id })),
    );
    expect(taken).toContainEqual({ state: 'claimed', resourceId: '1' });
  });
});
