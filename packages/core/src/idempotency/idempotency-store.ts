/** Longer than any request takes that does not say otherwise. */
export const takeoverAfterMsDefault = 60_000;

export interface IdempotencyClaim {
  /** SHA-256 of the caller and their key, in hex: the key itself is not kept. */
  readonly keyHash: string;
  /** Keyed hash of operation and input: another payload under the same key is told apart. */
  readonly fingerprint: string;
  /** The id that the resource will have; an earlier claim's stays. */
  readonly resourceId: string;
  /** The process that works on it: a claim of a process that is gone may be taken over. */
  readonly owner: string;
  /**
   * How long the request may take: from then on others may take the claim over, although its process lives. By default
   * `takeoverAfterMsDefault`.
   */
  readonly takeoverAfterMs?: number | undefined;
  /** Milliseconds. */
  readonly expiresAt: number;
  readonly now: number;
}

export type ClaimResult =
  /** Do it now, with this id. After a crash it may be half done: every insert under this id is idempotent. */
  | { readonly state: 'claimed'; readonly resourceId: string }
  | { readonly state: 'in_flight' }
  | { readonly state: 'mismatch' }
  /** The first answer, sealed by the caller. */
  | { readonly state: 'done'; readonly response: string };

/** Remembers which requests were made under which key. Durable before `claim` answers. */
export interface IdempotencyStore {
  claim(claim: IdempotencyClaim): Promise<ClaimResult>;
  /** Keeps the answer for later claims. */
  complete(keyHash: string, owner: string, response: string): Promise<void>;
  /** The request failed without an answer to keep: the next claim may try again, with the same id. */
  release(keyHash: string, owner: string): Promise<void>;
  deleteExpired(before: number): Promise<number>;
}
