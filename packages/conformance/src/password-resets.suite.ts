import type { PasswordResetRecord } from '@twite/core/password-resets/password-reset-store';
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { atOnce, people, type World } from './world.ts';

const aReset = (
  world: World,
  accountId: string,
  given: Partial<PasswordResetRecord> = {},
): PasswordResetRecord => ({
  accountId,
  secretHash: `secret-${world.id()}`,
  createdAt: world.clock.now(),
  expiresAt: world.clock.now() + 3_600_000,
  ...given,
});

export const passwordResetsSuite: Suite = ({ fact }) => {
  fact('a reset is found unchanged by its secret', async (world) => {
    const { passwordResets } = world.engine;
    const { alice, bob } = await people(world, 'alice', 'bob');
    const resets = [aReset(world, alice), aReset(world, bob)];
    for (const reset of resets) await passwordResets.put(reset);
    for (const reset of resets)
      expect(await passwordResets.findBySecretHash(reset.secretHash)).toEqual(reset);
    expect(await passwordResets.findBySecretHash('secret-unknown')).toBeUndefined();
  });

  fact('an account has one reset: the newest', async (world) => {
    const { passwordResets } = world.engine;
    const { alice } = await people(world, 'alice');
    const resets = Array.from({ length: 3 }, () => aReset(world, alice));
    for (const reset of resets) await passwordResets.put(reset);
    const found = await Promise.all(
      resets.map(({ secretHash }) => passwordResets.findBySecretHash(secretHash)),
    );
    expect(found).toEqual([undefined, undefined, resets[2]]);
    expect(await passwordResets.take(resets[0]?.secretHash ?? '')).toBe(false);
  });

  fact('of several concurrent uses of a reset, one succeeds', async (world) => {
    const { passwordResets } = world.engine;
    const { alice } = await people(world, 'alice');
    const reset = aReset(world, alice);
    await passwordResets.put(reset);
    const taken: boolean[] = [];
    await atOnce(10, async () => void taken.push(await passwordResets.take(reset.secretHash)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await passwordResets.findBySecretHash(reset.secretHash)).toBeUndefined();
  });

  fact('deleting the reset of an account keeps those of others', async (world) => {
    const { passwordResets } = world.engine;
    const { alice, bob } = await people(world, 'alice', 'bob');
    const [ofAlice, ofBob] = [aReset(world, alice), aReset(world, bob)];
    await passwordResets.put(ofAlice);
    await passwordResets.put(ofBob);
    await passwordResets.deleteByAccount(alice);
    await passwordResets.deleteByAccount(alice);
    expect(await passwordResets.findBySecretHash(ofAlice.secretHash)).toBeUndefined();
    expect(await passwordResets.findBySecretHash(ofBob.secretHash)).toEqual(ofBob);
  });

  fact('expired resets are erased, others are kept', async (world) => {
    const { passwordResets } = world.engine;
    const { alice, bob } = await people(world, 'alice', 'bob');
    const now = world.clock.now();
    const [expired, kept] = [
      aReset(world, alice, { expiresAt: now }),
      aReset(world, bob, { expiresAt: now + 1 }),
    ];
    await passwordResets.put(expired);
    await passwordResets.put(kept);
    expect(await passwordResets.deleteExpired(now)).toBe(1);
    expect(await passwordResets.findBySecretHash(expired.secretHash)).toBeUndefined();
    expect(await passwordResets.findBySecretHash(kept.secretHash)).toEqual(kept);
  });
};
