import { setRole } from '@twite/core/admin/manage-accounts';
import { loadConfig } from '@twite/process/config/load-config';
import { afterAll, expect } from 'vitest';
import { type EmbeddedServer, startEmbedded } from '../main/embedded.ts';
import { type VisibilityServer, visibilitySuite } from './visibility.suite.ts';

let running: Promise<EmbeddedServer> | undefined;
afterAll(async () => (await running)?.close());

visibilitySuite(async (): Promise<VisibilityServer> => {
  const config = loadConfig({
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_RATE_LIMITS: 'off',
    TWITE_LOG_LEVEL: 'error',
  });
  running ??= startEmbedded({ ...config, dataDir: ':memory:' });
  const { url, deps, settled } = await running;
  return {
    url,
    settled,
    async grantAdmin(handle) {
      const account = await deps.accounts.findByHandle(handle);
      expect(account).toBeDefined();
      if (account) await setRole(deps, null, account.accountId, 'admin');
    },
  };
});
