/** A password reset that is not used yet. The secret of its link is stored only as SHA-256 in hex. */
export interface PasswordResetRecord {
  readonly accountId: string;
  readonly secretHash: string;
  /** Milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Source of truth for password resets: at most one per account. */
export interface PasswordResetStore {
  /** Replaces the reset of the account, if any. */
  put(reset: PasswordResetRecord): Promise<void>;
  findBySecretHash(secretHash: string): Promise<PasswordResetRecord | undefined>;
  /** Erases the reset. Of several concurrent calls, exactly one returns true. */
  take(secretHash: string): Promise<boolean>;
  deleteByAccount(accountId: string): Promise<void>;
  /** Erases resets that had expired at that time, and returns how many. */
  deleteExpired(before: number): Promise<number>;
}
