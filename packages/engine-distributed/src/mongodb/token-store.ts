import type { Invalidation } from '@twite/core/caching/invalidation';
import type { PageBefore } from '@twite/core/keyset';
import type { TokenRecord, TokenStore } from '@twite/core/tokens/token-store';
import { deleteInBatches } from './delete-in-batches.ts';
import type { TokenDoc } from './documents.ts';
import type { MongoContext } from './mongo-context.ts';
import { aboveAllIds, bounded } from './reads.ts';
import { replaceById } from './replace-by-id.ts';

const hashOnly = { secretHash: 1 } as const;

export class MongoTokenStore implements TokenStore {
  readonly #context: MongoContext;

  constructor(context: MongoContext) {
    this.#context = context;
  }

  async insert({ tokenId, ...fields }: TokenRecord): Promise<void> {
    const before = await replaceById(this.#context.collections.tokens, tokenId, fields, 'secretHash');
    await this.#invalidate([before?.secretHash, fields.secretHash]);
  }

  async findBySecretHash(secretHash: string): Promise<TokenRecord | undefined> {
    const document = await this.#context.collections.tokens.findOne({ secretHash }, bounded);
    return document === null ? undefined : toRecord(document);
  }

  async listByAccount(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly TokenRecord[]> {
    const found = await this.#context.collections.tokens
      .find({ accountId, _id: { $lt: before } }, bounded)
      .sort({ _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(toRecord);
  }

  async delete(accountId: string, tokenId: string): Promise<boolean> {
    const deleted = await this.#context.collections.tokens.findOneAndDelete(
      { _id: tokenId, accountId },
      { projection: hashOnly },
    );
    if (deleted === null) return false;
    await this.#invalidate([deleted.secretHash]);
    return true;
  }

  async deleteByAccount(accountId: string): Promise<number> {
    const { tokens } = this.#context.collections;
    const found = await tokens.find({ accountId }, { ...bounded, projection: hashOnly }).toArray();
    const { deletedCount } = await tokens.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
    await this.#invalidate(found.map(({ secretHash }) => secretHash));
    return deletedCount;
  }

  deleteExpired(before: number): Promise<number> {
    const expired = { expiresAt: { $lt: before } };
    return deleteInBatches(this.#context.collections.tokens, expired, {
      projection: hashOnly,
      onDeleted: (batch) => this.#invalidate(batch.map(({ secretHash }) => secretHash)),
    });
  }

  #invalidate(secretHashes: readonly (string | undefined)[]): Promise<void> {
    const invalidations = secretHashes.flatMap((hash): Invalidation[] =>
      hash === undefined ? [] : [['tokens', hash]],
    );
    return this.#context.invalidate(invalidations);
  }
}

const toRecord = ({ _id, scopes, ...fields }: TokenDoc): TokenRecord =>
  Object.freeze({ tokenId: _id, ...fields, scopes: Object.freeze(scopes) });
