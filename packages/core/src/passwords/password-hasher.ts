/** Who a password is hashed for: decides whose turn it is where many wait. */
export interface HashRequester {
  /** The networks of the client, the smallest first, as `networksOf` gives them. */
  readonly networks: readonly string[];
  /** The handle that is signed in to. */
  readonly handle?: string;
  /** Whether the client has shown that it was signed in to the account before. */
  readonly isKnown: boolean;
}

/** Slow, salted hashing of passwords, bounded: when too many wait, it refuses with `overloaded` (503, Retry-After). */
export interface PasswordHasher {
  /** A string in PHC format. */
  hash(password: string, requester?: HashRequester): Promise<string>;
  /** Against `undefined` it costs as much and is false, so that an unknown handle cannot be told by time. */
  verify(passwordHash: string | undefined, password: string, requester?: HashRequester): Promise<boolean>;
}
