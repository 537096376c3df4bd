import type { Twite } from '@twite/sdk';
import { patiently } from '../demo/patiently.ts';
import type { BenchAccount } from './prepare-accounts.ts';

/** Access tokens are valid for 15 minutes. A third of that is enough to refresh thousands, two per second. */
const aheadMs = 5 * 60_000;
const everyMs = 1_000;
const atOnce = 4;

const isStale = ({ session }: Twite): boolean =>
  session !== undefined && Date.parse(session.expiresAt) - Date.now() < aheadMs;

/** Refreshes the session if it is about to expire. */
export async function refreshStale(twite: Twite): Promise<void> {
  const { session } = twite;
  if (session && isStale(twite))
    await patiently(() => twite.sessions.refresh({ refreshToken: session.refreshToken }));
}

/**
 * Refreshes sessions during a run. `onRefreshed` stores the new ones, because a refresh token works once. A failed
 * refresh is retried after a second. If the session expires first, its requests count as errors.
 */
export function keepSessionsFresh(
  accounts: readonly BenchAccount[],
  onRefreshed: () => Promise<void>,
): { stop(): Promise<void> } {
  let turn: Promise<void> | undefined;
  const refresh = async (): Promise<void> => {
    const stale = accounts.filter(({ twite }) => isStale(twite)).slice(0, atOnce);
    if (stale.length === 0) return;
    await Promise.allSettled(stale.map(({ twite }) => refreshStale(twite)));
    await onRefreshed();
  };
  const timer = setInterval(() => {
    turn ??= refresh()
      .catch(() => undefined)
      .finally(() => {
        turn = undefined;
      });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await turn;
    },
  };
}
