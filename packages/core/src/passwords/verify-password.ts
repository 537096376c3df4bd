import type { Deps } from '../engine.ts';
import type { HashRequester } from './password-hasher.ts';

/**
 * Whether a password is the one of a hash; an undefined hash costs the same and fits none. Passwords are kept in Unicode
 * normalisation form C, since keyboards of different systems send the same letter as one character or as two. Hashes of
 * before were made of what was typed: that is tried second, where it differs.
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
