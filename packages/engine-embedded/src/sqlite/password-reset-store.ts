import type {
  PasswordResetRecord,
  PasswordResetStore,
} from '@twite/core/password-resets/password-reset-store';
import type { Store } from './store.ts';

export class SqlitePasswordResetStore implements PasswordResetStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  put(reset: PasswordResetRecord): Promise<void> {
    return this.#store.writer.run('putPasswordReset', reset);
  }

  async findBySecretHash(secretHash: string): Promise<PasswordResetRecord | undefined> {
    return this.#store.read.get<PasswordResetRecord>(
      `SELECT account_id AS accountId, secret_hash AS secretHash, created_at AS createdAt, expires_at AS expiresAt
       FROM password_resets WHERE secret_hash = ?`,
      secretHash,
    );
  }

  take(secretHash: string): Promise<boolean> {
    return this.#store.writer.run('takePasswordReset', { secretHash });
  }

  deleteByAccount(accountId: string): Promise<void> {
    return this.#store.writer.run('deletePasswordResetByAccount', { accountId });
  }

  deleteExpired(before: number): Promise<number> {
    return this.#store.writer.run('deleteExpiredPasswordResets', { before });
  }
}
