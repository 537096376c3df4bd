import type { Stats } from '@twite/contract';
import type { InstanceStats } from '@twite/core/admin/instance-stats';
import type { Store } from './store.ts';

/** Exact: counts rows. Excludes deleted accounts. */
export class SqliteInstanceStats implements InstanceStats {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  count(): Promise<Stats> {
    return this.#store.reader.run('countInstance', undefined);
  }
}
