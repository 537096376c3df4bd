import { defaultSettings, type OpenEngine } from '@twite/core/engine';
import { openSession } from '@twite/core/sessions/open-session';
import pMap from 'p-map';
import { accountIdOf, handleOf, type Network, postDocuments, slicesOf } from './network.ts';

const atOnce = 500;

/** Indexes a network, and opens a session for each reader. Returns access tokens by account. */
export async function openReaders(
  { engine, ids }: Pick<OpenEngine, 'engine'> & { readonly ids: { next(): string } },
  network: Network,
): Promise<ReadonlyMap<number, string>> {
  if (network.isIndexed) {
    for (const posts of slicesOf(postDocuments(network), atOnce)) await engine.search.indexPosts(posts);
    const accounts = Array.from({ length: network.accountCount }, (_, account) => ({
      accountId: accountIdOf(account),
      rev: 1,
      handle: handleOf(account),
      displayName: handleOf(account),
    }));
    for (const some of slicesOf(accounts, atOnce)) await engine.search.indexAccounts(some);
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
