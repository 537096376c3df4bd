/** The requester of a hash. Decides who is served next when many wait. */
export interface HashRequester {
  /** The client's networks from smallest to largest, as `networksOf` returns them. */
  readonly networks: readonly string[];
  /** The handle of the sign-in. */
  readonly handle?: string;
  /** Whether the client proved that it was signed in to the account before. */
  readonly isKnown: boolean;
}

/**
 * Slow, salted hashing of passwords. The queue is bounded: when it is full, calls fail with `overloaded` (503,
 * Retry-After).
 */
export interface PasswordHasher {
  /** Returns a string in PHC format. */
  hash(password: string, requester?: HashRequester): Promise<string>;
  /** A hash of `undefined` costs the same and returns false, so that timing does not reveal unknown handles. */
  verify(passwordHash: string | undefined, password: string, requester?: HashRequester): Promise<boolean>;
}
