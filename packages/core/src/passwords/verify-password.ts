import type { Deps } from '../engine.ts';
import type { HashRequester } from './password-hasher.ts';

/**
 * Whether a password matches a hash. An undefined hash costs the same and never matches. Passwords are hashed in
 * Unicode normalisation form C, since keyboards of different systems send the same letter as one character or as two.
 * Older hashes were made from the raw input, which is tried second if it differs.
 */
export async function verifyPassword(
  deps: Pick<Deps, 'passwords'>,
  hash: string | undefined,
  password: string,
  requester?: HashRequester,
): Promise<boolean> {
  const composed = password.normalize();
  if (await deps.passwords.verify(hash, composed, requester)) return true;
  return composed !== password && (await deps.passwords.verify(hash, password, requester));
}
