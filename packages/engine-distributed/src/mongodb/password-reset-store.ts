import type {
  PasswordResetRecord,
  PasswordResetStore,
} from '@twite/core/password-resets/password-reset-store';
import type { MongoContext } from './mongo-context.ts';
import { bounded } from './reads.ts';
import { replaceById } from './replace-by-id.ts';

export class MongoPasswordResetStore implements PasswordResetStore {
  readonly #context: MongoContext;

  constructor(context: MongoContext) {
    this.#context = context;
  }

  async put({ accountId, ...fields }: PasswordResetRecord): Promise<void> {
    await replaceById(this.#context.collections.passwordResets, accountId, fields, 'secretHash');
  }

  async findBySecretHash(secretHash: string): Promise<PasswordResetRecord | undefined> {
    const found = await this.#context.collections.passwordResets.findOne({ secretHash }, bounded);
    if (found === null) return undefined;
    const { _id: accountId, createdAt, expiresAt } = found;
    return { accountId, secretHash, createdAt, expiresAt };
  }

  async take(secretHash: string): Promise<boolean> {
    const { deletedCount } = await this.#context.collections.passwordResets.deleteOne({ secretHash });
    return deletedCount > 0;
  }

  async deleteByAccount(accountId: string): Promise<void> {
    await this.#context.collections.passwordResets.deleteOne({ _id: accountId });
  }

  async deleteExpired(before: number): Promise<number> {
    const { deletedCount } = await this.#context.collections.passwordResets.deleteMany({
      expiresAt: { $lte: before },
    });
    return deletedCount;
  }
}
