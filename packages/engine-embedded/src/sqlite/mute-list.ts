import type { AccountEdge, PageBefore } from '@twite/core/keyset';
import type { MuteList } from '@twite/core/mutes/mute-list';
import { readInSlices } from './read-in-slices.ts';
import { aboveAllIds, emptySet, type Store } from './store.ts';

export class SqliteMuteList implements MuteList {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  add(edgeId: string, accountId: string, targetId: string): Promise<boolean> {
    return this.#store.writer.run('addMute', { edgeId, accountId, targetId });
  }

  remove(accountId: string, targetId: string): Promise<boolean> {
    return this.#store.writer.run('removeMute', { accountId, targetId });
  }

  async list(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly AccountEdge[]> {
    return this.#store.read.all<AccountEdge>(
      `SELECT edge_id AS edgeId, target_id AS accountId FROM mutes INDEXED BY mutes_by_account
       WHERE account_id = ? AND edge_id < ? ORDER BY edge_id DESC LIMIT ?`,
      accountId,
      before,
      limit,
    );
  }

  async mutedBy(accountId: string): Promise<ReadonlySet<string>> {
    const mutedIds = await readInSlices(
      (after, limit) =>
        this.#store.read.column<string>(
          'SELECT target_id FROM mutes WHERE account_id = ? AND target_id > ? ORDER BY target_id LIMIT ?',
          accountId,
          after,
          limit,
        ),
      (id) => id,
    );
    return mutedIds.length === 0 ? emptySet : new Set(mutedIds);
  }

  purgeByAccount(accountId: string, limit: number): Promise<number> {
    return this.#store.writer.run('purgeMutesByAccount', { accountId, limit });
  }
}
