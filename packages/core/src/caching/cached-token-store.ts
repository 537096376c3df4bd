import type { TokenStore } from '../tokens/token-store.ts';
import { cachedPort } from './cached-port.ts';
import type { Caches } from './caches.ts';
import { type Invalidation, tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

const tokens = (...keys: string[]) => keys.map((key): Invalidation => ['tokens', key]);

export function cachedTokenStore(
  source: TokenStore,
  caches: Pick<Caches, 'tokens'>,
  bus: InvalidationBus,
): TokenStore {
  const read = (secretHash: string) => source.findBySecretHash(secretHash);
  return cachedPort(source, bus, {
    reads: { findBySecretHash: (secretHash) => caches.tokens.find(secretHash, read) },
    writes: {
      insert: ({ tokenId, secretHash }) => tokens(tag(tokenId), secretHash),
      delete: (_accountId, tokenId) => tokens(tag(tokenId)),
      deleteByAccount: (accountId) => tokens(tag(accountId)),
      deleteExpired: () => tokens('*'),
    },
  });
}
