/** Slow, salted hashing of passwords, bounded: when too many wait, it refuses with `overloaded` (503, Retry-After). */
export interface PasswordHasher {
  /** A string in PHC format. */
  hash(password: string): Promise<string>;
  /** Against `undefined` it costs as much and is false, so that an unknown handle cannot be told by time. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
}
