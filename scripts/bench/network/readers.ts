import { setTimeout as wait } from 'node:timers/promises';
import { defaultSettings, type OpenEngine } from '@twite/core/engine';
import { openSession } from '@twite/core/sessions/open-session';
import { Unavailable } from '@twite/core/unavailable';
import pMap from 'p-map';
import { accountIdOf, handleOf, type Network, postDocuments, slicesOf } from './network.ts';

const atOnce = 500;
const retryMs = 1_000;

/** Repeats an idempotent write until the store has time for it. */
async function untilAvailable(write: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      await wait(retryMs);
    }
  }
}

/** Indexes a network, and opens a session for each reader. Returns access tokens by account. */
export async function openReaders(
  { engine, ids }: Pick<OpenEngine, 'engine'> & { readonly ids: { next(): string } },
  network: Network,
): Promise<ReadonlyMap<number, string>> {
  if (network.isIndexed) {
    for (const posts of slicesOf(postDocuments(network), atOnce))
      await untilAvailable(() => engine.search.indexPosts(posts));
    const accounts = Array.from({ length: network.accountCount }, (_, account) => ({
      accountId: accountIdOf(account),
      rev: 1,
      handle: handleOf(account),
      displayName: handleOf(account),
    }));
    for (const some of slicesOf(accounts, atOnce))
      await untilAvailable(() => engine.search.indexAccounts(some));
  }
  const deps = { ...engine, ids, clock: Date, settings: defaultSettings };
  const tokens = await pMap(
    network.readers,
    async (account) => {
      const { accessToken } = await openSession(deps, accountIdOf(account), 'bench');
      return [account, accessToken] as const;
    },
    { concurrency: 32 },
  );
  return new Map(tokens);
}
