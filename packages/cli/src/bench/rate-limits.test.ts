import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, startEmbedded } from '@twite/server';
import { expect, test } from 'vitest';
import { warningsOf } from './judge.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { client } from './report.ts';
import { runLoad } from './run-load.ts';
import { requestsOf, scenarios } from './scenarios.ts';

async function serve(limits: Readonly<Record<string, string>>) {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'twite-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = stack.use(
    await startEmbedded(
      loadConfig({
        TWITE_PORT: '0',
        TWITE_METRICS_PORT: 'off',
        TWITE_LOG_LEVEL: 'silent',
        // A busy machine would have it refuse requests.
        TWITE_SHED_DELAY_MS: 'off',
        TWITE_DATA_DIR: folder,
        ...limits,
      }),
    ),
  );
  return { server, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const small = { postsPerAccount: 1, pictures: false };

test('answers of rate limits are counted apart, and the report names the variables', async () => {
  await using running = await serve({ TWITE_RATE_LIMIT_READ_ADDRESS: '50/3600' });
  const { url } = running.server;
  await using accounts = await prepareAccounts({ url, accounts: 3, ...small });
  const next = requestsOf(scenarios.home, accounts);
  const result = await runLoad({ url, next, pace: { rate: 100, connections: 4 }, seconds: 1 });
  expect(result.ok).toBeLessThanOrEqual(50);
  expect(result.statuses[429]).toBe(100 - result.ok);
  expect(result.withoutRetryAfter).toBe(0);
  expect(warningsOf(result, scenarios.home, { ...client(), loadBefore: 0 })).toEqual([
    expect.stringContaining('TWITE_RATE_LIMIT_READ_ADDRESS'),
  ]);
});

test('a server that limits sign-ups keeps none of the accounts, and it is said what to set', async () => {
  await using running = await serve({ TWITE_RATE_LIMIT_SIGN_UP_ADDRESS: '3/3600' });
  const { server } = running;
  await expect(prepareAccounts({ url: server.url, accounts: 8, ...small })).rejects.toThrow(
    /3 of 8 accounts.*TWITE_RATE_LIMITS=off.*TWITE_RATE_LIMIT_SIGN_UP_ADDRESS/,
  );
  await server.settled();
  expect((await server.deps.stats.count()).accounts).toBe(0);
});
