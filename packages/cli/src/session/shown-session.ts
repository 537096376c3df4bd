import type { SignedIn } from '@twite/sdk';

/** The output of `login --json` and `signup --json`: without secrets, which would end up in CI logs. */
export const shownSession = ({ account, session: { sessionId, expiresAt } }: SignedIn) => ({
  account,
  session: { sessionId, expiresAt },
});
