import type { BlockList } from '@twite/core/blocks/block-list';
import type { AccountEdge, PageBefore } from '@twite/core/keyset';
import { accountPairs } from './account-pairs.ts';
import type { MongoContext } from './mongo-context.ts';
import { emptySet } from './reads.ts';

export class MongoBlockList implements BlockList {
  readonly #context: MongoContext;
  readonly #blocks: ReturnType<typeof accountPairs>;

  constructor(context: MongoContext) {
    this.#context = context;
    this.#blocks = accountPairs(context.collections.blocks);
  }

  async add(edgeId: string, accountId: string, targetId: string): Promise<boolean> {
    if (!(await this.#blocks.add(edgeId, accountId, targetId))) return false;
    await this.#invalidateBoth([{ accountId, targetId }]);
    return true;
  }

  async remove(accountId: string, targetId: string): Promise<boolean> {
    if (!(await this.#blocks.remove(accountId, targetId))) return false;
    await this.#invalidateBoth([{ accountId, targetId }]);
    return true;
  }

  list(accountId: string, page: PageBefore): Promise<readonly AccountEdge[]> {
    return this.#blocks.list(accountId, page);
  }

  count(accountId: string, max: number): Promise<number> {
    return this.#blocks.count(accountId, max);
  }

  async hiddenFrom(accountId: string): Promise<ReadonlySet<string>> {
    const [blocked, blockers] = await Promise.all([
      this.#blocks.targetsOf(accountId),
      this.#blocks.sourcesOf(accountId),
    ]);
    return blocked.length + blockers.length === 0 ? emptySet : new Set([...blocked, ...blockers]);
  }

  async blockedAmong(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#blocks.findAmong(candidateIds.map((targetId) => `${accountId}:${targetId}`));
    return new Set(found.map(({ targetId }) => targetId));
  }

  async blockersAmong(accountId: string, candidateIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#blocks.findAmong(candidateIds.map((blockerId) => `${blockerId}:${accountId}`));
    return new Set(found.map((block) => block.accountId));
  }

  async purgeByAccount(accountId: string, limit: number): Promise<number> {
    const purged = await this.#blocks.purge(accountId, limit);
    await this.#invalidateBoth(purged);
    return purged.length;
  }

  #invalidateBoth(blocks: readonly { accountId: string; targetId: string }[]): Promise<void> {
    const ids = new Set(blocks.flatMap(({ accountId, targetId }) => [accountId, targetId]));
    return this.#context.invalidate([...ids].map((id) => ['hiddenFrom', id]));
  }
}
