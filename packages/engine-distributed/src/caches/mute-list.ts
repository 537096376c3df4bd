import type { AccountEdge, PageBefore } from '@twite/core/keyset';
import type { MuteList } from '@twite/core/mutes/mute-list';
import type { Caches } from './caches.ts';
import { of, type Touch } from './touch.ts';
import type { TouchBus } from './touch-bus.ts';
import { touchUnlessDone } from './unknown-outcome.ts';

export class CachedMuteList implements MuteList {
  readonly #inner: MuteList;
  readonly #mutedBy: Caches['mutedBy'];
  readonly #bus: TouchBus;

  constructor(inner: MuteList, caches: Pick<Caches, 'mutedBy'>, bus: TouchBus) {
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
    return this.#written(this.#inner.purgeByAccount(accountId, limit), of(accountId));
  }

  #written<T>(write: Promise<T>, ...keys: string[]): Promise<T> {
    return touchUnlessDone(this.#bus, write, () => keys.map((key): Touch => ['mutedBy', key]));
  }
}
