import type { Deps } from '@twite/core/engine';
import { expireMedia } from '@twite/core/media/expire-media';

interface Log {
  warn(details: object, message: string): void;
}

const everyMs = 10 * 60_000;

type UpkeepDeps = Parameters<typeof expireMedia>[0] &
  Pick<Deps, 'sessions' | 'tokens' | 'idempotency' | 'passwordResets' | 'clock'>;

/** Erases expired sessions, tokens, idempotency keys, password resets and unattached uploads. */
export async function eraseExpired(deps: UpkeepDeps): Promise<void> {
  const now = deps.clock.now();
  await deps.sessions.deleteExpired(now);
  await deps.tokens.deleteExpired(now);
  await deps.idempotency.deleteExpired(now);
  await deps.passwordResets.deleteExpired(now);
  await expireMedia(deps);
}

/** Runs `eraseExpired` every ten minutes. Disposing waits for the run in progress. */
export function startUpkeep(deps: UpkeepDeps, log: Log): AsyncDisposable {
  let underWay = Promise.resolve();
  const timer = setInterval(() => {
    underWay = eraseExpired(deps).catch((err: unknown) => log.warn({ task: 'expiry', err }, 'upkeep failed'));
  }, everyMs).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await underWay;
    },
  };
}
