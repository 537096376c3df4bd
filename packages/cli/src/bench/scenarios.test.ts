import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../testing/start-server.ts';
import { type BenchAccounts, prepareAccounts } from './prepare-accounts.ts';
import { runLoad } from './run-load.ts';
import { requestsOf, scenarioNames, scenarios } from './scenarios.ts';

const stack = new AsyncDisposableStack();
let url = '';
let file = '';
let accounts: BenchAccounts;
beforeAll(async () => {
  const { folder, server } = stack.use(await startServer());
  url = server.url;
  file = join(folder, 'accounts.json');
  accounts = stack.use(
    await prepareAccounts({ url, accounts: 6, postsPerAccount: 3, pictures: true, reuseFile: file }),
  );
});
afterAll(() => stack.disposeAsync());

test.each(scenarioNames)('%s runs without errors', async (name) => {
  const next = requestsOf(scenarios[name], accounts);
  const result = await runLoad({ url, next, pace: { rate: 40, connections: 4 }, seconds: 1 });
  expect(result).toMatchObject({ requests: 40, ok: 40, unanswered: {} });
  expect(Object.keys(result.operations).every((operation) => operation in scenarios[name].mix)).toBe(true);
  expect(result.latencyMs?.p999).toBeGreaterThan(0);
});

test('accounts are kept in a file that only its owner can read, and reused', async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const stored = JSON.parse(await readFile(file, 'utf8'));
  // As if the access tokens had expired.
  for (const { session } of stored.people) session.expiresAt = new Date(0).toISOString();
  await writeFile(file, JSON.stringify(stored));
  await using again = await prepareAccounts({
    url,
    accounts: 2,
    postsPerAccount: 0,
    pictures: false,
    reuseFile: file,
  });
  expect(again.reused).toBe(true);
  expect(again.people.map(({ accountId }) => accountId)).toEqual(
    accounts.people.map(({ accountId }) => accountId),
  );
  // The sessions were refreshed, and the file contains the new ones.
  const kept = JSON.parse(await readFile(file, 'utf8'));
  expect(again.people[0]?.token()).toBe(kept.people[0].session.accessToken);
  expect(kept.people[0].session.accessToken).not.toBe(stored.people[0].session.accessToken);
  const next = requestsOf(scenarios.home, again);
  const result = await runLoad({ url, next, pace: { rate: 40, connections: 2 }, seconds: 0.5 });
  expect(result).toMatchObject({ requests: 20, ok: 20 });
  await expect(
    prepareAccounts({
      url: 'http://127.0.0.1:1',
      accounts: 2,
      postsPerAccount: 0,
      pictures: false,
      reuseFile: file,
    }),
  ).rejects.toThrow(`${file} contains accounts of ${url}`);
});

test('accounts are deleted with everything that they wrote', async () => {
  const short = await prepareAccounts({ url, accounts: 2, postsPerAccount: 1, pictures: false });
  const { accountId } = short.people[0] ?? { accountId: '' };
  expect((await fetch(`${url}/v1/accounts/${accountId}`)).status).toBe(200);
  await short.remove();
  expect((await fetch(`${url}/v1/accounts/${accountId}`)).status).toBe(404);
});
