import { describe, expect, it, onTestFinished } from 'vitest';
import { mongoUrl, openTestMongo } from '../mongodb/testing/open-mongo.ts';
import { type Lease, LeaseLost, takeLease } from './leader-lease.ts';

async function openTest() {
  const mongo = await openTestMongo();
  const leases: Lease[] = [];
  onTestFinished(async () => {
    for (const lease of leases) await lease.release();
    await mongo[Symbol.asyncDispose]();
  });
  const { relays } = mongo.databases.collections;
  /** One that renews never is as one that was stopped. */
  const take = async (processId: string, times: { leaseMs?: number; renewMs?: number } = {}) => {
    const { leaseMs = 150, renewMs = 50 } = times;
    const lease = await takeLease({ relays, relayId: 'x', processId, times: { leaseMs, renewMs } });
    if (lease !== undefined) leases.push(lease);
    return lease;
  };
  const doc = () => relays.findOne({ _id: 'x' });
  return { take, doc };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it was not taken');
  return value;
}

const never = 1_000_000;

describe.runIf(mongoUrl !== '')('the lead over the relay (TWITE_TEST_MONGODB_URL)', () => {
  it('has one of all who ask for it at once', async () => {
    const { take, doc } = await openTest();
    const taken = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((processId) => take(processId)));
    expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
    expect(await doc()).toMatchObject({ epoch: 1 });
  });

  it('is kept for as long as it is renewed', async () => {
    const { take, doc } = await openTest();
    const lease = present(await take('a'));
    const first = (await doc())?.leaseExpiresAt.getTime() ?? 0;
    await expect.poll(async () => (await doc())?.leaseExpiresAt.getTime()).toBeGreaterThan(first + 300);
    expect(await take('b')).toBeUndefined();
    expect(lease.isHeld()).toBe(true);
  });

  it('is over for who does not renew it: known here, and what is saved late is refused', async () => {
    const { take, doc } = await openTest();
    const stopped = present(await take('a', { renewMs: never }));
    await stopped.save({ resumeToken: 'early', relayedAt: 1 });
    await expect.poll(async () => (await take('b')) !== undefined).toBe(true);
    expect(stopped.isHeld()).toBe(false);
    await expect(stopped.save({ resumeToken: 'late', relayedAt: 2 })).rejects.toThrow(LeaseLost);
    expect(stopped.lost.aborted).toBe(true);
    expect(await doc()).toMatchObject({ leader: 'b', epoch: 2, resumeToken: 'early', relayedAt: 1 });
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
    const stopped = present(await take('a', { renewMs: never }));
    await expect.poll(async () => (await take('b')) !== undefined).toBe(true);
    await stopped.release();
    expect(await doc()).toMatchObject({ leader: 'b', epoch: 2 });
    expect(await take('c')).toBeUndefined();
  });
});
