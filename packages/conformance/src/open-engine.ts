import { expect } from 'vitest';
import type { Suite } from './suite.ts';

/** What an engine provides besides its ports. */
export const openEngine: Suite = ({ factAlone }) => {
  factAlone('a new engine is healthy and settled', {}, async (world) => {
    await world.open.checkPrimary();
    await world.settled();
    const state = Promise.race([world.open.failed.then(() => 'failed'), Promise.resolve('well')]);
    expect(await state).toBe('well');
  });

  factAlone('a new engine reports that all its dependencies are up', {}, async (world) => {
    const { dependencies } = await world.open.status();
    expect(dependencies.some(({ primary }) => primary)).toBe(true);
    for (const dependency of dependencies) {
      expect(dependency).toMatchObject({ state: 'up', latencyMs: expect.any(Number), degraded: null });
      expect(dependency.latencyMs).toBeGreaterThanOrEqual(0);
    }
  });

  factAlone('a new engine is empty, regardless of other engines', {}, async (world) => {
    expect(await world.engine.accounts.list({ limit: 10 })).toEqual([]);
    expect(await world.engine.auditLog.list({ limit: 10 })).toEqual([]);
  });
};
