import type { RateLimitPolicyName } from '@twite/contract';
import { setRole } from '@twite/core/admin/set-role';
import type { Clock } from '@twite/core/clock';
import type { Job } from '@twite/core/jobs/job-catalogue';
import type { RateLimitPolicies } from '@twite/core/rate-limits/limit-request';
import { type Config, loadConfig } from '@twite/process/config/load-config';
import type { ProcessRole } from '@twite/process/config/process-role';
import { eraseExpired } from '@twite/workers';
import type { RunningServer } from '../main/serve.ts';
import type { StartServer } from './server-under-test.ts';

const none = { perAccount: null, perAddress: null };
const noLimits: Record<RateLimitPolicyName, typeof none> = {
  read: none,
  search: none,
  write: none,
  signIn: none,
  signUp: none,
  refresh: none,
  upload: none,
};

/** A configuration for tests: any port, no metrics, no log. */
export const configForTest = (
  env: Readonly<Record<string, string | undefined>> = {},
  role?: ProcessRole,
): Config => ({
  ...loadConfig(
    {
      TWITE_PORT: '0',
      TWITE_METRICS_PORT: 'off',
      TWITE_LOG_LEVEL: 'silent',
      TWITE_HASH_QUEUE: '1000',
      TWITE_RATE_LIMITS: 'off',
      // Server, clients and their assertions share an event loop here.
      TWITE_SHED_DELAY_MS: 'off',
      ...env,
    },
    role,
  ),
  dataDir: ':memory:',
});

/** Does what `twite admin grant` does. */
export async function grantAdmin({ deps }: Pick<RunningServer, 'deps'>, handle: string): Promise<void> {
  const account = await deps.accounts.findByHandle(handle);
  if (!account) throw new Error(`There is no ${handle}`);
  await setRole(deps, null, account.accountId, 'admin');
}

/** The servers of the black-box suites, started by `start`. */
export const startsForTest =
  (config: () => Config, start: (config: Config, clock: Clock) => Promise<RunningServer>): StartServer =>
  async ({ rateLimits, corsOrigins, services, trustedProxies } = {}) => {
    const defaults = config();
    let aheadMs = 0;
    const server = await start(
      {
        ...defaults,
        rateLimits: rateLimits ? ({ ...noLimits, ...rateLimits } satisfies RateLimitPolicies) : null,
        corsOrigins: corsOrigins ?? [],
        services: services ?? defaults.services,
        trustedProxies: trustedProxies ?? defaults.trustedProxies,
      },
      { now: () => Date.now() + aheadMs },
    );
    const { url, deps, settled, close } = server;
    return {
      url,
      settled,
      close,
      advance(ms) {
        aheadMs += ms;
      },
      runUpkeep: () => eraseExpired(deps),
      // No handler has its name, which the types would not allow.
      enqueueNonsense: () => deps.jobs.enqueue([{ name: 'turnLeadIntoGold' } as unknown as Job]),
      grantAdmin: (handle) => grantAdmin(server, handle),
    };
  };
