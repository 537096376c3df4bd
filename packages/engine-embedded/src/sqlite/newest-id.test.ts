import { defaultSettings } from '@twite/core/engine';
import { expect, it } from 'vitest';
import { openEmbeddedEngine } from '../open-embedded-engine.ts';

it('an id reserved by an Idempotency-Key is not reused if the clock steps back across a restart', async () => {
  const clock = { now: () => 0 };
  await using open = await openEmbeddedEngine({ location: ':memory:', clock, settings: defaultSettings });
  expect(open.newestId()).toBeUndefined();
  const resourceId = '1855000000000000000';
  await open.engine.idempotency.claim({
    keyHash: 'k',
    fingerprint: 'f',
    resourceId,
    owner: 'gone',
    expiresAt: 1,
    now: 0,
  });
  expect(open.newestId()).toBe(resourceId);
});
