import type { AccountEdge, PageBefore } from '@twite/core/keyset';
import type { MuteList } from '@twite/core/mutes/mute-list';
import { accountPairs } from './account-pairs.ts';
import type { MongoContext } from './mongo-context.ts';
import { emptySet } from './reads.ts';

export class MongoMuteList implements MuteList {
  readonly #context: MongoContext;
  readonly #mutes: ReturnType<typeof accountPairs>;

  constructor(context: MongoContext) {
    this.#context = context;
    this.#mutes = accountPairs(context.collections.mutes);
  }

  async add(edgeId: string, accountId: string, targetId: string): Promise<boolean> {
    if (!(await this.#mutes.add(edgeId, accountId, targetId))) return false;
    await this.#context.invalidate([['mutedBy', accountId]]);
    return true;
  }

  async remove(accountId: string, targetId: string): Promise<boolean> {
    if (!(await this.#mutes.remove(accountId, targetId))) return false;
    await this.#context.invalidate([['mutedBy', accountId]]);
    return true;
  }

  list(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]> {
    return this.#mutes.list(accountId, page);
  }

  async mutedBy(accountId: string): Promise<ReadonlySet<string>> {
    const muted = await this.#mutes.targetsOf(accountId);
    return muted.length === 0 ? emptySet : new Set(muted);
  }

  async purgeByAccount(accountId: string, limit: number): Promise<number> {
    const purged = await this.#mutes.purge(accountId, limit);
    const muters = new Set(purged.map((mute) => mute.accountId));
    await this.#context.invalidate([...muters].map((id) => ['mutedBy', id]));
    return purged.length;
  }
}
