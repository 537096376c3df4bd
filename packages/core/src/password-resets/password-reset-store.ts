/** A reset of a password that was offered and not used yet. The secret of its link is kept only as SHA-256 in hex. */
export interface PasswordResetRecord {
  readonly accountId: string;
  readonly secretHash: string;
  /** Milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Source of truth for password resets: at most one for each account. */
export interface PasswordResetStore {
  /** Replaces the reset of the account, if it has one. */
  put(reset: PasswordResetRecord): Promise<void>;
  findBySecretHash(secretHash: string): Promise<PasswordResetRecord | undefined>;
  /** Erases the reset. Of several calls at once, one gets true. */
  take(secretHash: string): Promise<boolean>;
  deleteByAccount(accountId: string): Promise<void>;
  /** Answers how many had expired at that time and were erased. */
  deleteExpired(before: number): Promise<number>;
}
