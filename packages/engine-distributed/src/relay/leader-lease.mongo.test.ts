import { Timestamp } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LeaseLost } from '../mongodb/epoch-lease.ts';
import { mongoUrl, openTestMongo } from '../mongodb/testing/open-mongo.ts';
import { type Lease, NewerData, raiseRelay, takeLease } from './leader-lease.ts';

interface TakeOptions {
  leaseMs?: number;
  renewMs?: number;
  schemaVersion?: number;
}

async function openTest() {
  const mongo = await openTestMongo();
  const leases: Lease[] = [];
  onTestFinished(async () => {
    for (const lease of leases) await lease.release();
    await mongo[Symbol.asyncDispose]();
  });
  const { relays } = mongo.databases.collections;
  const take = async (processId: string, options: TakeOptions = {}) => {
    const { leaseMs = 10_000, renewMs = 50, schemaVersion = 5 } = options;
    const times = { leaseMs, renewMs };
    const lease = await takeLease({ relays, relayId: 'x', processId, times, schemaVersion });
    if (lease !== undefined) leases.push(lease);
    return lease;
  };
  const doc = () => relays.findOne({ _id: 'x' });
  return { take, doc, relays };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it was not taken');
  return value;
}

/** Like a process that was stopped. */
const notRenewed = { renewMs: 1_000_000, leaseMs: 150 };

describe.runIf(mongoUrl !== '')('the lead over the relay (TWITE_TEST_MONGODB_URL)', () => {
  it('has one of all who ask for it at once', async () => {
    const { take, doc } = await openTest();
    const taken = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((processId) => take(processId)));
    expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
    expect(await doc()).toMatchObject({ epoch: 1 });
  });

  it('is kept for as long as it is renewed', async () => {
    const { take, doc } = await openTest();
    const leaseMs = 2_000;
    const lease = present(await take('a', { leaseMs }));
    const first = (await doc())?.leasedUntil.getTime() ?? 0;
    await expect.poll(async () => (await doc())?.leasedUntil.getTime()).toBeGreaterThan(first + leaseMs);
    expect(await take('b')).toBeUndefined();
    expect(lease.isHeld()).toBe(true);
  });

  it('is over for who does not renew it: known here, and what is saved late is refused', async () => {
    const { take, doc } = await openTest();
    const stopped = present(await take('a', notRenewed));
    await stopped.save({ resumeToken: 'early', relayedAt: 1 });
    await expect.poll(async () => (await take('b')) !== undefined).toBe(true);
    expect(stopped.isHeld()).toBe(false);
    await expect(stopped.save({ resumeToken: 'late', relayedAt: 2 })).rejects.toThrow(LeaseLost);
    expect(stopped.lost.aborted).toBe(true);
    expect(await doc()).toMatchObject({ holder: 'b', epoch: 2, resumeToken: 'early', relayedAt: 1 });
  });

  it('goes on from what the last one saved', async () => {
    const { take } = await openTest();
    const first = present(await take('a'));
    expect(await first.findPlace()).toEqual({});
    await first.save({ resumeToken: { _data: 'x' }, relayedAt: 1 });
    await first.release();
    const second = present(await take('b'));
    expect(second.epoch).toBe(2);
    expect(await second.findPlace()).toEqual({ resumeToken: { _data: 'x' } });
  });

  it('that was lost is not given back by who had it', async () => {
    const { take, doc } = await openTest();
    const stopped = present(await take('a', notRenewed));
    await expect.poll(async () => (await take('b')) !== undefined).toBe(true);
    await stopped.release();
    expect(await doc()).toMatchObject({ holder: 'b', epoch: 2 });
    expect(await take('c')).toBeUndefined();
  });

  it('is refused to a relay that is older than the data', async () => {
    const { take, relays } = await openTest();
    await raiseRelay(relays, 'x', 6);
    await expect(take('old', { schemaVersion: 5 })).rejects.toThrow(NewerData);
    await expect(take('old', { schemaVersion: 5 })).rejects.toThrow(
      'this relay knows schema version 5, the data is of version 6: upgrade the relay',
    );
    expect(await take('new', { schemaVersion: 6 })).toBeDefined();
  });

  it('is taken from a relay by data of a newer version: what it saves after that is refused', async () => {
    const { take, doc, relays } = await openTest();
    const old = present(await take('old', { ...notRenewed, leaseMs: 60_000 }));
    await old.save({ resumeToken: 'early', relayedAt: 1 });
    await raiseRelay(relays, 'x', 6);
    for (const save of [
      () => old.save({ resumeToken: 'late', relayedAt: 2 }),
      () => old.saveSnapshot({ from: new Timestamp(0n), isThrough: true }),
      () => old.forgetPlace(),
    ]) {
      await expect(save()).rejects.toThrow(LeaseLost);
    }
    expect(old.isHeld()).toBe(false);
    expect(await doc()).toMatchObject({ resumeToken: 'early', schemaVersion: 6 });
  });

  it('is lost at the next renewal when the data is of a newer version', async () => {
    const { take, relays } = await openTest();
    const old = present(await take('old'));
    const lost = new Promise((resolve) => old.lost.addEventListener('abort', resolve));
    await raiseRelay(relays, 'x', 6);
    await lost;
    expect(old.isHeld()).toBe(false);
  });

  it('is not given up for data of an older version, which never lowers the version', async () => {
    const { take, doc, relays } = await openTest();
    const lease = present(await take('new', { schemaVersion: 6 }));
    expect(await raiseRelay(relays, 'x', 5)).toBe(6);
    await lease.save({ resumeToken: 'x', relayedAt: 1 });
    expect(await doc()).toMatchObject({ schemaVersion: 6 });
  });
});
