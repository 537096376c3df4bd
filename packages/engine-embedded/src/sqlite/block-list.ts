import type { BlockList } from '@twite/core/blocks/block-list';
import type { AccountEdge, PageBefore } from '@twite/core/keyset';
import { readInSlices } from './read-in-slices.ts';
import { aboveAllIds, emptySet, type Store } from './store.ts';

export class SqliteBlockList implements BlockList {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  add(edgeId: string, accountId: string, targetId: string): Promise<boolean> {
    return this.#store.writer.run('addBlock', { edgeId, accountId, targetId });
  }

  remove(accountId: string, targetId: string): Promise<boolean> {
    return this.#store.writer.run('removeBlock', { accountId, targetId });
  }

  async list(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly AccountEdge[]> {
    return this.#store.read.all<AccountEdge>(
      `SELECT edge_id AS edgeId, target_id AS accountId FROM blocks INDEXED BY blocks_by_account
       WHERE account_id = ? AND edge_id < ? ORDER BY edge_id DESC LIMIT ?`,
      accountId,
      before,
      limit,
    );
  }

  async count(accountId: string, max: number): Promise<number> {
    const row = this.#store.read.get<{ count: number }>(
      'SELECT count(*) AS count FROM (SELECT 1 FROM blocks WHERE account_id = ? LIMIT ?)',
      accountId,
      max,
    );
    return row?.count ?? 0;
  }

  async hiddenFrom(accountId: string): Promise<ReadonlySet<string>> {
    const [blocked, blockers] = await Promise.all([
      this.#readIds(
        'SELECT target_id FROM blocks WHERE account_id = ? AND target_id > ? ORDER BY target_id LIMIT ?',
        accountId,
      ),
      this.#readIds(
        'SELECT account_id FROM blocks WHERE target_id = ? AND account_id > ? ORDER BY account_id LIMIT ?',
        accountId,
      ),
    ]);
    if (blocked.length + blockers.length === 0) return emptySet;
    const hidden = new Set(blocked);
    for (const blockerId of blockers) hidden.add(blockerId);
    return hidden;
  }

  async blockedAmong(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = this.#store.read.all<{ targetId: string }>(
      `SELECT target_id AS targetId FROM json_each(?) AS c
       CROSS JOIN blocks ON account_id = ? AND target_id = c.value`,
      JSON.stringify(candidateIds),
      accountId,
    );
    return new Set(rows.map(({ targetId }) => targetId));
  }

  async blockersAmong(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = this.#store.read.all<{ blockerId: string }>(
      `SELECT account_id AS blockerId FROM json_each(?) AS c
       CROSS JOIN blocks ON account_id = c.value AND target_id = ?`,
      JSON.stringify(candidateIds),
      accountId,
    );
    return new Set(rows.map(({ blockerId }) => blockerId));
  }

  purgeByAccount(accountId: string, limit: number): Promise<number> {
    return this.#store.writer.run('purgeBlocksByAccount', { accountId, limit });
  }

  #readIds(sql: string, accountId: string): Promise<readonly string[]> {
    return readInSlices(
      (after, limit) => this.#store.read.column<string>(sql, accountId, after, limit),
      (id) => id,
    );
  }
}
