import type { SignedIn } from '@twite/sdk';

/** What `login --json` and `signup --json` print: without secrets, which would end up in the logs of CI. */
export const shownSession = ({ account, session: { sessionId, expiresAt } }: SignedIn) => ({
  account,
  session: { sessionId, expiresAt },
});
