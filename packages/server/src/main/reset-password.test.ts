import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@twite/process/config/load-config';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmbedded } from './embedded.ts';
import { grantAdmin } from './grant-admin.ts';
import { resetPassword } from './reset-password.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'twite-reset-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('the operator resets the password of an admin while the server runs, and the audit log records it', async () => {
  await using server = await startEmbedded(
    loadConfig({
      TWITE_PORT: '0',
      TWITE_METRICS_PORT: 'off',
      TWITE_LOG_LEVEL: 'silent',
      TWITE_DATA_DIR: dataDir,
    }),
  );
  const post = (path: string, body: unknown) =>
    fetch(`${server.url}/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const { account } = (await (
    await post('/accounts', { handle: 'cosette', password: 'rue plumet 1832' })
  ).json()) as { account: { accountId: string } };
  await grantAdmin({ dataDir, handle: 'cosette' });

  const env = { TWITE_PUBLIC_URL: 'https://twite.example/' };
  const { token, url, expiresAt } = await resetPassword({ dataDir, handle: 'Cosette', env });
  expect(url).toBe(`https://twite.example/password-reset#token=${token}`);
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(59 * 60_000);
  const used = await post('/password-resets', { token, newPassword: 'rue de l’homme armé 7' });
  expect(used.status).toBe(204);
  expect((await post('/sessions', { handle: 'cosette', password: 'rue de l’homme armé 7' })).status).toBe(
    201,
  );
  const [entry] = await server.deps.auditLog.list({ before: undefined, limit: 1 });
  expect(entry).toMatchObject({
    action: 'password_reset_created',
    actorId: null,
    subjectId: account.accountId,
  });
  await expect(resetPassword({ dataDir, handle: 'nobody' })).rejects.toThrow('there is no account nobody');
});
