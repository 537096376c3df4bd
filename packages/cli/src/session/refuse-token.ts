import { UsageError } from '../usage-error.ts';

/**
 * Of commands that begin or end the session: with a token there is none, so that what they did would be lost at once,
 * or be done to another session than is meant.
 */
export function refuseToken(token: string | undefined): void {
  if (!token) return;
  throw new UsageError(
    'This is about the session, but --token or TWITE_TOKEN counts before it. Leave it out.',
  );
}
