import type { Scope } from '@twite/contract';
import type { PageBefore } from '@twite/core/keyset';
import type { TokenRecord, TokenStore } from '@twite/core/tokens/token-store';
import { aboveAllIds, type Store } from './store.ts';

type TokenRow = Omit<TokenRecord, 'scopes'> & { readonly scopes: string };

const columns = `token_id AS tokenId, account_id AS accountId, name, scopes, secret_hash AS secretHash,
  created_at AS createdAt, expires_at AS expiresAt`;

export class SqliteTokenStore implements TokenStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  insert(token: TokenRecord): Promise<void> {
    return this.#store.writer.run('insertToken', token);
  }

  async findBySecretHash(secretHash: string): Promise<TokenRecord | undefined> {
    const row = this.#store.read.get<TokenRow>(
      `SELECT ${columns} FROM tokens WHERE secret_hash = ?`,
      secretHash,
    );
    return row && toRecord(row);
  }

  async listByAccount(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly TokenRecord[]> {
    return this.#store.read
      .all<TokenRow>(
        `SELECT ${columns} FROM tokens WHERE account_id = ? AND token_id < ? ORDER BY token_id DESC LIMIT ?`,
        accountId,
        before,
        limit,
      )
      .map(toRecord);
  }

  delete(accountId: string, tokenId: string): Promise<boolean> {
    return this.#store.writer.run('deleteToken', { accountId, tokenId });
  }

  deleteByAccount(accountId: string): Promise<number> {
    return this.#store.writer.run('deleteTokensByAccount', { accountId });
  }

  deleteExpired(before: number): Promise<number> {
    return this.#store.writer.run('deleteExpiredTokens', { before });
  }
}

const toRecord = (row: TokenRow): TokenRecord =>
  Object.freeze({ ...row, scopes: Object.freeze(JSON.parse(row.scopes) as Scope[]) });
