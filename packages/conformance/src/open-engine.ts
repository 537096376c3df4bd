import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { newAccount } from './world.ts';

/** What an engine gives besides its ports. */
export const openEngine: Suite = ({ factAlone }) => {
  factAlone('a new engine is well, and settled', {}, async (world) => {
    await world.open.checkPrimary();
    await world.settled();
    const state = Promise.race([world.open.failed.then(() => 'failed'), Promise.resolve('well')]);
    expect(await state).toBe('well');
  });

  factAlone('two engines of one process are apart', {}, async (world) => {
    await newAccount(world, { handle: 'somebody' });
    expect(await world.engine.accounts.findByHandle('somebody')).toBeDefined();
  });

  factAlone('a new engine holds nothing of another', {}, async (world) => {
    expect(await world.engine.accounts.findByHandle('somebody')).toBeUndefined();
    expect(await world.engine.accounts.list({ limit: 10 })).toEqual([]);
  });
};
