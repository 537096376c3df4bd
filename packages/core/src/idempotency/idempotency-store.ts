/** Longer than any request takes that sets no other limit. */
export const takeoverAfterMsDefault = 60_000;

export interface IdempotencyClaim {
  /** SHA-256 of the caller and their key, in hex. The key itself is not stored. */
  readonly keyHash: string;
  /** Keyed hash of operation and input: detects another payload under the same key. */
  readonly fingerprint: string;
  /** The id of the resource to create. An earlier claim's id takes precedence. */
  readonly resourceId: string;
  /** The process that handles the request. Other processes may take over the claim of a process that is gone. */
  readonly owner: string;
  /**
   * How long the request may take. After that, others may take over the claim even if its process is alive. Default:
   * `takeoverAfterMsDefault`.
   */
  readonly takeoverAfterMs?: number | undefined;
  /** Milliseconds. */
  readonly expiresAt: number;
  readonly now: number;
}

export type ClaimResult =
  /**
   * Perform the request now, with this id. After a crash it may be half done: every insert under this id is idempotent.
   */
  | { readonly state: 'claimed'; readonly resourceId: string }
  | { readonly state: 'in_flight' }
  | { readonly state: 'mismatch' }
  /** The first answer, sealed by the caller. */
  | { readonly state: 'done'; readonly response: string };

/** Remembers which requests were made under which key. Durable before `claim` resolves. */
export interface IdempotencyStore {
  claim(claim: IdempotencyClaim): Promise<ClaimResult>;
  /** Stores the answer for later claims. */
  complete(keyHash: string, owner: string, response: string): Promise<void>;
  /**
   * Releases the claim of a request that failed without an answer to store: the next claim may retry with the same id.
   */
  release(keyHash: string, owner: string): Promise<void>;
  deleteExpired(before: number): Promise<number>;
}
