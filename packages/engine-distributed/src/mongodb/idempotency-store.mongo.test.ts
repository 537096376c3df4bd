import type { IdempotencyClaim } from '@twite/core/idempotency/idempotency-store';
import { MongoNetworkError } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Collections } from './databases.ts';
import { MongoIdempotencyStore } from './idempotency-store.ts';
import { leaseProcess } from './process-lease.ts';
import { answerLost } from './testing/answer-lost.ts';
import { mongoUrl, openTestMongo, type TestMongo } from './testing/open-mongo.ts';
import { withMethod } from './testing/with-method.ts';

describe.runIf(mongoUrl)('idempotency keys during outages of MongoDB (TWITE_TEST_MONGODB_URL)', () => {
  let mongo: TestMongo;
  let resources: AsyncDisposableStack;
  let owner: string;
  let claim: IdempotencyClaim;
  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    mongo = resources.use(await openTestMongo());
    // The process that holds the claims is alive.
    owner = resources.use(await leaseProcess(mongo.context.collections, () => {})).processId;
    const now = Date.now();
    claim = {
      keyHash: 'key',
      fingerprint: 'payload',
      resourceId: 'first',
      owner,
      expiresAt: now + 86_400_000,
      now,
    };
  });
  afterEach(() => resources.disposeAsync());

  const storeWith = (
    idempotencyKeys: Collections['idempotencyKeys'] = mongo.context.collections.idempotencyKeys,
    wallNow: () => number = Date.now,
  ) =>
    new MongoIdempotencyStore({
      ...mongo.context,
      wallNow,
      collections: { ...mongo.context.collections, idempotencyKeys },
    });
  const other = () => ({ ...claim, owner: 'another process', resourceId: 'second' });
  const claimed = { state: 'claimed', resourceId: 'first' };

  it('a claim whose response was lost can be repeated in this process', async () => {
    const store = storeWith(answerLost(mongo.context.collections.idempotencyKeys, 'insertOne'));
    await expect(store.claim(claim)).rejects.toThrow(MongoNetworkError);
    expect(await store.claim({ ...claim, resourceId: 'second' })).toEqual(claimed);
    expect(await store.claim({ ...claim, resourceId: 'third' })).toEqual({ state: 'in_flight' });
  });

  it('and soon in every other process', async () => {
    const store = storeWith(answerLost(mongo.context.collections.idempotencyKeys, 'insertOne'));
    await expect(store.claim(claim)).rejects.toThrow(MongoNetworkError);
    await vi.waitFor(async () => expect(await storeWith().claim(other())).toEqual(claimed), 5_000);
  });

  it('a release is retried until it succeeds', async () => {
    const away = vi.fn(async (): Promise<never> => {
      throw new MongoNetworkError('away');
    });
    const { idempotencyKeys } = mongo.context.collections;
    let times = 2;
    const flaky = withMethod(
      idempotencyKeys,
      'updateOne',
      (real) =>
        (...args) =>
          times-- > 0 ? away() : real(...args),
    );
    const store = storeWith(flaky);
    expect(await store.claim(claim)).toEqual(claimed);
    await store.release(claim.keyHash, owner).catch(() => undefined);
    expect(away).toHaveBeenCalled();
    await vi.waitFor(async () => expect(await storeWith().claim(other())).toEqual(claimed), 10_000);
    expect(away).toHaveBeenCalledTimes(2);
  });

  it('a claim expires after the longest request, even if its process lives', async () => {
    expect(await storeWith().claim(claim)).toEqual(claimed);
    const after = (seconds: number) => storeWith(undefined, () => Date.now() + seconds * 1_000);
    expect(await after(20).claim(other())).toEqual({ state: 'in_flight' });
    await mongo.context.collections.processes.updateOne(
      { processId: owner },
      { $set: { expiresAt: new Date(Date.now() + 600_000) } },
    );
    expect(await after(55).claim(other())).toEqual({ state: 'in_flight' });
    expect(await after(65).claim(other())).toEqual(claimed);
  });

  it('but not before the limit of the claim', async () => {
    const upload = { ...claim, takeoverAfterMs: 600_000 };
    expect(await storeWith().claim(upload)).toEqual(claimed);
    const after = (seconds: number) => storeWith(undefined, () => Date.now() + seconds * 1_000);
    await mongo.context.collections.processes.updateOne(
      { processId: owner },
      { $set: { expiresAt: new Date(Date.now() + 6_000_000) } },
    );
    expect(await after(590).claim({ ...other(), takeoverAfterMs: 600_000 })).toEqual({ state: 'in_flight' });
    expect(await after(610).claim({ ...other(), takeoverAfterMs: 600_000 })).toEqual(claimed);
  });
});
