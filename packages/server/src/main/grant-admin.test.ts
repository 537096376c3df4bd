import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount } from '@twite/core/accounts/create-account';
import { defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { mediaUrlFrom } from '@twite/core/media/present-media';
import { openEmbeddedEngine } from '@twite/engine-embedded';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPasswordHasher } from '../passwords/create-password-hasher.ts';
import { grantAdmin } from './grant-admin.ts';
import { systemClock } from './operator-engine.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'twite-grant-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('an account becomes admin while the server runs, which notices it, and the audit log records it', async () => {
  await using open = await openEmbeddedEngine({
    location: dataDir,
    clock: systemClock,
    settings: defaultSettings,
  });
  await using passwords = createPasswordHasher();
  const ids = createIdGenerator({ clock: systemClock, machine: 0 });
  const mediaUrl = mediaUrlFrom('http://media.example');
  const deps = { ...open.engine, clock: systemClock, ids, passwords, mediaUrl, settings: defaultSettings };
  const accountId = ids.next();
  await createAccount(deps, { accountId, handle: 'cosette', password: 'rue plumet 1832', userAgent: null });

  expect(await grantAdmin({ dataDir, handle: 'Cosette' })).toMatchObject({ accountId, role: 'admin' });
  await expect
    .poll(async () => (await deps.accounts.findMany([accountId])).get(accountId)?.role)
    .toBe('admin');
  const entries = await deps.auditLog.list({ before: undefined, limit: 10 });
  expect(entries).toEqual([
    expect.objectContaining({ action: 'role_set', actorId: null, subjectId: accountId, detail: 'admin' }),
  ]);

  await expect(grantAdmin({ dataDir, handle: 'cosette', role: 'user' })).rejects.toMatchObject({
    code: 'last_admin',
  });
  await expect(grantAdmin({ dataDir, handle: 'nobody' })).rejects.toThrow('there is no account nobody');
});

test('a folder without a database is not changed', async () => {
  await expect(grantAdmin({ dataDir, handle: 'cosette' })).rejects.toThrow(
    `there is no Twite database in ${dataDir}`,
  );
});
