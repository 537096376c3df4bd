import type { BlockList } from '@twite/core/blocks/block-list';
import type { AccountEdge, PageBefore } from '@twite/core/keyset';
import type { Caches } from './caches.ts';
import { invalidateOnError } from './invalidate-on-error.ts';
import { type Invalidation, tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

export class CachedBlockList implements BlockList {
  readonly #inner: BlockList;
  readonly #hiddenFrom: Caches['hiddenFrom'];
  readonly #bus: InvalidationBus;

  constructor(inner: BlockList, caches: Pick<Caches, 'hiddenFrom'>, bus: InvalidationBus) {
    this.#inner = inner;
    this.#hiddenFrom = caches.hiddenFrom;
    this.#bus = bus;
  }

  add(edgeId: string, accountId: string, targetId: string): Promise<boolean> {
    return this.#written(this.#inner.add(edgeId, accountId, targetId), accountId, targetId);
  }

  remove(accountId: string, targetId: string): Promise<boolean> {
    return this.#written(this.#inner.remove(accountId, targetId), accountId, targetId);
  }

  list(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]> {
    return this.#inner.list(accountId, page);
  }

  count(accountId: string, max: number): Promise<number> {
    return this.#inner.count(accountId, max);
  }

  async hiddenFrom(accountId: string): Promise<ReadonlySet<string>> {
    const hidden =
      this.#hiddenFrom.get(accountId) ??
      (await this.#hiddenFrom.load(accountId, () => this.#inner.hiddenFrom(accountId)));
    return hidden as ReadonlySet<string>;
  }

  blockedAmong(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#inner.blockedAmong(accountId, candidateIds);
  }

  blockersAmong(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#inner.blockersAmong(accountId, candidateIds);
  }

  purgeByAccount(accountId: string, limit: number): Promise<number> {
    return this.#written(this.#inner.purgeByAccount(accountId, limit), tag(accountId));
  }

  #written<T>(write: Promise<T>, ...keys: string[]): Promise<T> {
    return invalidateOnError(this.#bus, write, () => keys.map((key): Invalidation => ['hiddenFrom', key]));
  }
}
