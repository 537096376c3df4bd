import type { AccountEdge, PageBefore } from '@twite/core/keyset';
import type { MuteList } from '@twite/core/mutes/mute-list';
import type { Caches } from './caches.ts';
import { invalidateOnError } from './invalidate-on-error.ts';
import { type Invalidation, tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

export class CachedMuteList implements MuteList {
  readonly #inner: MuteList;
  readonly #mutedBy: Caches['mutedBy'];
  readonly #bus: InvalidationBus;

  constructor(inner: MuteList, caches: Pick<Caches, 'mutedBy'>, bus: InvalidationBus) {
    this.#inner = inner;
    this.#mutedBy = caches.mutedBy;
    this.#bus = bus;
  }

  add(edgeId: string, accountId: string, targetId: string): Promise<boolean> {
    return this.#written(this.#inner.add(edgeId, accountId, targetId), accountId);
  }

  remove(accountId: string, targetId: string): Promise<boolean> {
    return this.#written(this.#inner.remove(accountId, targetId), accountId);
  }

  list(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]> {
    return this.#inner.list(accountId, page);
  }

  async mutedBy(accountId: string): Promise<ReadonlySet<string>> {
    const muted =
      this.#mutedBy.get(accountId) ??
      (await this.#mutedBy.load(accountId, () => this.#inner.mutedBy(accountId)));
    return muted as ReadonlySet<string>;
  }

  purgeByAccount(accountId: string, limit: number): Promise<number> {
    return this.#written(this.#inner.purgeByAccount(accountId, limit), tag(accountId));
  }

  #written<T>(write: Promise<T>, ...keys: string[]): Promise<T> {
    return invalidateOnError(this.#bus, write, () => keys.map((key): Invalidation => ['mutedBy', key]));
  }
}
