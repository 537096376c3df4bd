import { expect, test } from 'vitest';
import { startServer } from '../testing/start-server.ts';
import { warningsOf } from './judge.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { client } from './report.ts';
import { runLoad } from './run-load.ts';
import { requestsOf, scenarios } from './scenarios.ts';

const small = { postsPerAccount: 1, pictures: false };

test('responses of rate limits are counted separately, and the report names the variables', async () => {
  await using running = await startServer({ TWITE_RATE_LIMIT_READ_ADDRESS: '50/3600' });
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

test('with limited sign-ups, no account is kept, and the message says what to set', async () => {
  await using running = await startServer({ TWITE_RATE_LIMIT_SIGN_UP_ADDRESS: '3/3600' });
  const { server } = running;
  await expect(prepareAccounts({ url: server.url, accounts: 8, ...small })).rejects.toThrow(
    /3 of 8 accounts.*TWITE_RATE_LIMITS=off.*TWITE_RATE_LIMIT_SIGN_UP_ADDRESS/,
  );
  await server.settled();
  expect((await server.deps.stats.count()).accounts).toBe(0);
});
