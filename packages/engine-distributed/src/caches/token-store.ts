import type { PageBefore } from '@twite/core/keyset';
import type { TokenRecord, TokenStore } from '@twite/core/tokens/token-store';
import type { Caches } from './caches.ts';
import { invalidateOnError } from './invalidate-on-error.ts';
import { type Invalidation, tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

export class CachedTokenStore implements TokenStore {
  readonly #inner: TokenStore;
  readonly #tokens: Caches['tokens'];
  readonly #bus: InvalidationBus;

  constructor(inner: TokenStore, caches: Pick<Caches, 'tokens'>, bus: InvalidationBus) {
    this.#inner = inner;
    this.#tokens = caches.tokens;
    this.#bus = bus;
  }

  insert(token: TokenRecord): Promise<void> {
    return this.#written(this.#inner.insert(token), tag(token.tokenId), token.secretHash);
  }

  async findBySecretHash(secretHash: string): Promise<TokenRecord | undefined> {
    return (
      this.#tokens.get(secretHash) ??
      this.#tokens.load(secretHash, () => this.#inner.findBySecretHash(secretHash))
    );
  }

  listByAccount(accountId: string, page: PageBefore): Promise<readonly TokenRecord[]> {
    return this.#inner.listByAccount(accountId, page);
  }

  delete(accountId: string, tokenId: string): Promise<boolean> {
    return this.#written(this.#inner.delete(accountId, tokenId), tag(tokenId));
  }

  deleteByAccount(accountId: string): Promise<number> {
    return this.#written(this.#inner.deleteByAccount(accountId), tag(accountId));
  }

  deleteExpired(before: number): Promise<number> {
    return this.#written(this.#inner.deleteExpired(before), '*');
  }

  #written<T>(write: Promise<T>, ...keys: string[]): Promise<T> {
    return invalidateOnError(this.#bus, write, () => keys.map((key): Invalidation => ['tokens', key]));
  }
}
