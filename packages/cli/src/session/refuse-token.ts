import { UsageError } from '../usage-error.ts';

/**
 * For commands that start or end the session. With a token there is none: the result would be lost at once, or apply to
 * a different session than intended.
 */
export function refuseToken(token: string | undefined): void {
  if (!token) return;
  throw new UsageError(
    'This command works on the session. Leave out --token and unset TWITE_TOKEN, which take precedence over it.',
  );
}
