import type { Stats } from '@twite/contract';
import type { InstanceStats } from '@twite/core/admin/instance-stats';
import type { Store } from './store.ts';

/** Exact, by counting rows: deleted accounts are left out. */
export class SqliteInstanceStats implements InstanceStats {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async count(): Promise<Stats> {
    const stats = this.#store.read.get<Stats>(
      `SELECT
         (SELECT count(*) FROM accounts WHERE status IN ('active', 'suspended')) AS accounts,
         (SELECT count(*) FROM accounts WHERE status = 'suspended') AS suspendedAccounts,
         (SELECT count(*) FROM posts) AS posts,
         (SELECT count(*) FROM replies) AS replies,
         (SELECT count(*) FROM likes) AS likes,
         (SELECT count(*) FROM follows) AS follows`,
    );
    if (stats === undefined) throw new Error('a SELECT without FROM has one row');
    return { ...stats };
  }
}
