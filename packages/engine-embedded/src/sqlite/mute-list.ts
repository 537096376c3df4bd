import type { AccountEdge, PageBefore } from '@twite/core/keyset';
import type { MuteList } from '@twite/core/mutes/mute-list';
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
    const { caches, read } = this.#store;
    const cached = caches.mutedBy.get(accountId);
    if (cached !== undefined) return cached;
    const mutedIds = read.column<string>('SELECT target_id FROM mutes WHERE account_id = ?', accountId);
    const muted = mutedIds.length === 0 ? emptySet : new Set(mutedIds);
    caches.mutedBy.set(accountId, muted);
    return muted;
  }

  purgeByAccount(accountId: string, limit: number): Promise<number> {
    return this.#store.writer.run('purgeMutesByAccount', { accountId, limit });
  }
}
