import type { IdempotencyClaim } from '@twite/core/idempotency/idempotency-store';
import { expect } from 'vitest';
import { hardTexts } from './hard-texts.ts';
import type { Suite } from './suite.ts';
import { atOnce, type World } from './world.ts';

const owner = 'process-1';

function aClaim(world: World, given: Partial<IdempotencyClaim> = {}): IdempotencyClaim {
  const now = world.clock.now();
  return {
    keyHash: `key-${world.id()}`,
    fingerprint: 'payload-1',
    resourceId: world.id(),
    owner,
    expiresAt: now + 86_400_000,
    now,
    ...given,
  };
}

export const idempotencySuite: Suite = ({ fact, factAlone, factOverReopen }) => {
  fact('the first claim runs the request, and later ones wait', async (world) => {
    const { idempotency } = world.engine;
    const claim = aClaim(world);
    expect(await idempotency.claim(claim)).toEqual({ state: 'claimed', resourceId: claim.resourceId });
    for (let i = 0; i < 2; i++) {
      expect(await idempotency.claim({ ...claim, resourceId: world.id() })).toEqual({ state: 'in_flight' });
    }
  });

  fact('of several concurrent claims, one runs the request', async (world) => {
    const claim = aClaim(world);
    const results = await atOnce(20, () =>
      world.engine.idempotency.claim({ ...claim, resourceId: world.id() }),
    );
    expect(results.filter((result) => result.state === 'claimed')).toHaveLength(1);
    expect(results.filter((result) => result.state === 'in_flight')).toHaveLength(19);
  });

  fact('a completed request returns its first response to every later claim', async (world) => {
    const { idempotency } = world.engine;
    for (const response of ['sealed', '', ...hardTexts]) {
      const claim = aClaim(world);
      await idempotency.claim(claim);
      await idempotency.complete(claim.keyHash, owner, response);
      for (const later of [owner, 'process-2']) {
        expect(await idempotency.claim({ ...claim, owner: later, resourceId: world.id() })).toEqual({
          state: 'done',
          response,
        });
      }
    }
  });

  fact('another payload with the same key is a mismatch, both in flight and completed', async (world) => {
    const { idempotency } = world.engine;
    const claim = aClaim(world);
    const other = { ...claim, fingerprint: 'payload-2', resourceId: world.id() };
    await idempotency.claim(claim);
    expect(await idempotency.claim(other)).toEqual({ state: 'mismatch' });
    expect(await idempotency.claim(claim)).toEqual({ state: 'in_flight' });
    await idempotency.complete(claim.keyHash, owner, 'answer');
    expect(await idempotency.claim(other)).toEqual({ state: 'mismatch' });
    expect(await idempotency.claim(claim)).toEqual({ state: 'done', response: 'answer' });
  });

  fact('a request with a longer limit behaves like any other', async (world) => {
    const { idempotency } = world.engine;
    const claim = aClaim(world, { takeoverAfterMs: 600_000 });
    expect(await idempotency.claim(claim)).toEqual({ state: 'claimed', resourceId: claim.resourceId });
    expect(await idempotency.claim({ ...claim, resourceId: world.id() })).toEqual({ state: 'in_flight' });
    await idempotency.release(claim.keyHash, owner);
    expect(await idempotency.claim({ ...claim, takeoverAfterMs: undefined })).toEqual({
      state: 'claimed',
      resourceId: claim.resourceId,
    });
    await idempotency.complete(claim.keyHash, owner, 'answer');
    expect(await idempotency.claim(claim)).toEqual({ state: 'done', response: 'answer' });
  });

  fact('keys are independent', async (world) => {
    const { idempotency } = world.engine;
    const [one, two] = [aClaim(world), aClaim(world)];
    expect(await idempotency.claim(one)).toEqual({ state: 'claimed', resourceId: one.resourceId });
    expect(await idempotency.claim(two)).toEqual({ state: 'claimed', resourceId: two.resourceId });
    await idempotency.complete(one.keyHash, owner, 'one');
    expect(await idempotency.claim(two)).toEqual({ state: 'in_flight' });
  });

  fact('a released claim can be made again, with the same id', async (world) => {
    const { idempotency } = world.engine;
    const claim = aClaim(world);
    await idempotency.claim(claim);
    for (let i = 0; i < 3; i++) {
      await idempotency.release(claim.keyHash, owner);
      await idempotency.release(claim.keyHash, owner);
      expect(await idempotency.claim({ ...claim, resourceId: world.id() })).toEqual({
        state: 'claimed',
        resourceId: claim.resourceId,
      });
      expect(await idempotency.claim(claim)).toEqual({ state: 'in_flight' });
    }
    await idempotency.complete(claim.keyHash, owner, 'answer');
    expect(await idempotency.claim(claim)).toEqual({ state: 'done', response: 'answer' });
  });

  fact('of several concurrent claims after a release, one runs the request', async (world) => {
    const { idempotency } = world.engine;
    const claim = aClaim(world);
    await idempotency.claim(claim);
    await idempotency.release(claim.keyHash, owner);
    const results = await atOnce(20, () => idempotency.claim({ ...claim, resourceId: world.id() }));
    expect(results.filter((result) => result.state === 'claimed')).toEqual([
      { state: 'claimed', resourceId: claim.resourceId },
    ]);
  });

  fact('a completed request stays completed', async (world) => {
    const { idempotency } = world.engine;
    const claim = aClaim(world);
    await idempotency.claim(claim);
    await idempotency.complete(claim.keyHash, owner, 'first');
    await idempotency.release(claim.keyHash, owner);
    expect(await idempotency.claim(claim)).toEqual({ state: 'done', response: 'first' });
  });

  fact('only the holder of a claim can complete or release it', async (world) => {
    const { idempotency } = world.engine;
    const claim = aClaim(world);
    await idempotency.claim(claim);
    await idempotency.complete(claim.keyHash, 'process-2', 'forged');
    await idempotency.release(claim.keyHash, 'process-2');
    expect(await idempotency.claim(claim)).toEqual({ state: 'in_flight' });
    const unknown = aClaim(world);
    await idempotency.complete(unknown.keyHash, owner, 'forged');
    await idempotency.release(unknown.keyHash, owner);
    expect(await idempotency.claim(unknown)).toEqual({ state: 'claimed', resourceId: unknown.resourceId });
  });

  fact('another process can take over a claim only with its first id', async (world) => {
    const { idempotency } = world.engine;
    const claim = aClaim(world);
    await idempotency.claim(claim);
    const taken = await idempotency.claim({ ...claim, owner: 'process-2', resourceId: world.id() });
    // The engine knows whether process-1 is gone.
    expect([{ state: 'in_flight' }, { state: 'claimed', resourceId: claim.resourceId }]).toContainEqual(
      taken,
    );
    const holder = taken.state === 'claimed' ? 'process-2' : owner;
    const other = taken.state === 'claimed' ? owner : 'process-2';
    await idempotency.complete(claim.keyHash, other, 'late');
    await idempotency.complete(claim.keyHash, holder, 'answer');
    expect(await idempotency.claim({ ...claim, owner: holder })).toEqual({
      state: 'done',
      response: 'answer',
    });
  });

  fact('an expired claim, open or completed, is forgotten', async (world) => {
    const { idempotency } = world.engine;
    for (const done of [false, true]) {
      const claim = aClaim(world);
      await idempotency.claim(claim);
      if (done) await idempotency.complete(claim.keyHash, owner, 'answer');
      const now = claim.expiresAt + 1;
      const next = {
        ...claim,
        fingerprint: 'payload-2',
        resourceId: world.id(),
        now,
        expiresAt: now + 1_000,
      };
      expect(await idempotency.claim(next)).toEqual({ state: 'claimed', resourceId: next.resourceId });
      expect(await idempotency.claim(next)).toEqual({ state: 'in_flight' });
    }
  });

  factAlone('expired claims are erased, others are kept', {}, async (world) => {
    const { idempotency } = world.engine;
    const now = world.clock.now();
    const [open, done, fresh] = [
      aClaim(world, { expiresAt: now + 1_000 }),
      aClaim(world, { expiresAt: now + 2_000 }),
      aClaim(world, { expiresAt: now + 60_000 }),
    ];
    for (const claim of [open, done, fresh]) await idempotency.claim(claim);
    for (const claim of [done, fresh]) await idempotency.complete(claim.keyHash, owner, 'answer');
    expect(await idempotency.deleteExpired(now + 10_000)).toBe(2);
    expect(await idempotency.deleteExpired(now + 10_000)).toBe(0);
    const again = { ...done, resourceId: world.id() };
    expect(await idempotency.claim(again)).toEqual({ state: 'claimed', resourceId: again.resourceId });
    expect(await idempotency.claim(fresh)).toEqual({ state: 'done', response: 'answer' });
  });

  factOverReopen(
    'a claim of a process that is gone is taken over with its id, and answers stay',
    async (world, reopen) => {
      const [open, done] = [aClaim(world), aClaim(world)];
      await world.engine.idempotency.claim(open);
      await world.engine.idempotency.claim(done);
      await world.engine.idempotency.complete(done.keyHash, owner, 'answer');
      const { idempotency } = (await reopen()).engine;
      const next = { owner: 'process-2', resourceId: world.id() };
      expect(await idempotency.claim({ ...open, ...next, fingerprint: 'payload-2' })).toEqual({
        state: 'mismatch',
      });
      expect(await idempotency.claim({ ...open, ...next })).toEqual({
        state: 'claimed',
        resourceId: open.resourceId,
      });
      expect(await idempotency.claim({ ...open, ...next })).toEqual({ state: 'in_flight' });
      expect(await idempotency.claim({ ...done, ...next })).toEqual({ state: 'done', response: 'answer' });
    },
  );
};
