import type { Scope } from '@twite/contract';
import type { PageBefore } from '../keyset.ts';

/** A stored personal access token: the secret only as SHA-256 in hex. */
export interface TokenRecord {
  readonly tokenId: string;
  readonly accountId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly secretHash: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

/** Source of truth for personal access tokens. */
export interface TokenStore {
  /** Idempotent by tokenId: a second insert replaces the first. */
  insert(token: TokenRecord): Promise<void>;
  findBySecretHash(secretHash: string): Promise<TokenRecord | undefined>;
  /** Newest first. */
  listByAccount(accountId: string, page: PageBefore): Promise<readonly TokenRecord[]>;
  delete(accountId: string, tokenId: string): Promise<boolean>;
  deleteByAccount(accountId: string): Promise<number>;
  /** Deletes tokens that expired before, and returns how many. */
  deleteExpired(before: number): Promise<number>;
}
