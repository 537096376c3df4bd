import type { RateLimitPolicyName } from '@twite/contract';
import { setRole } from '@twite/core/admin/manage-accounts';
import type { Job } from '@twite/core/jobs/job-queue';
import type { RateLimitPolicies } from '@twite/core/rate-limits/limit-request';
import { loadConfig } from '@twite/process/config/load-config';
import { startEmbedded } from '../main/embedded.ts';
import { runHttpSuites } from './run-http-suites.ts';
import type { ServerOptions, ServerUnderTest } from './server-under-test.ts';

const none = { perAccount: null, perAddress: null };
const noLimits: Record<RateLimitPolicyName, typeof none> = {
  read: none,
  search: none,
  write: none,
  signIn: none,
  signUp: none,
  refresh: none,
};

runHttpSuites(async ({ rateLimits, corsOrigins, services }: ServerOptions = {}): Promise<ServerUnderTest> => {
  const defaults = loadConfig({
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_LOG_LEVEL: 'silent',
    TWITE_HASH_QUEUE: '1000',
  });
  let aheadMs = 0;
  const server = await startEmbedded(
    {
      ...defaults,
      dataDir: ':memory:',
      rateLimits: rateLimits ? ({ ...noLimits, ...rateLimits } satisfies RateLimitPolicies) : null,
      corsOrigins: corsOrigins ?? [],
      services: services ?? defaults.services,
    },
    { clock: { now: () => Date.now() + aheadMs } },
  );
  const { url, deps, settled, close } = server;
  return {
    url,
    settled,
    close,
    advance(ms) {
      aheadMs += ms;
    },
    // No handler has its name, which the types would not allow.
    enqueueNonsense: () => deps.jobs.enqueue([{ name: 'turnLeadIntoGold' } as unknown as Job]),
    async grantAdmin(handle) {
      const account = await deps.accounts.findByHandle(handle);
      if (!account) throw new Error(`There is no ${handle}`);
      await setRole(deps, null, account.accountId, 'admin');
    },
  };
});
