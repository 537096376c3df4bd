import { defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { openSession } from '@twite/core/sessions/open-session';
import { openEmbeddedEngine } from '@twite/engine-embedded';
import { eraseExpired } from '@twite/workers';
import { expect, test } from 'vitest';

test('sessions and idempotency keys are erased after they expire, and not before', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const clock = { now: () => now };
  await using open = await openEmbeddedEngine({ location: ':memory:', clock, settings: defaultSettings });
  const ids = createIdGenerator({ clock, machine: 0 });
  const deps = { ...open.engine, clock, ids, settings: defaultSettings };
  const accountId = ids.next();
  await deps.accounts.insert({
    accountId,
    handle: 'cosette',
    displayName: 'Cosette',
    passwordHash: '',
    createdAt: now,
  });
  const { sessionId } = await openSession(deps, accountId, null);
  const claim = { keyHash: 'k', fingerprint: 'f', owner: 'o', expiresAt: now + 86_400_000 };
  await deps.idempotency.claim({ ...claim, resourceId: ids.next(), now });
  await deps.idempotency.complete('k', 'o', 'sealed');

  now += 86_000_000;
  await eraseExpired(deps);
  expect(await deps.sessions.find(sessionId)).toBeDefined();
  expect((await deps.idempotency.claim({ ...claim, resourceId: ids.next(), now })).state).toBe('done');

  now += 30 * 86_400_000;
  await eraseExpired(deps);
  expect(await deps.sessions.find(sessionId)).toBeUndefined();
  expect((await deps.idempotency.claim({ ...claim, resourceId: ids.next(), now })).state).toBe('claimed');
});
