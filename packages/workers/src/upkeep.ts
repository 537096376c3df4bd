import type { Deps } from '@twite/core/engine';

interface Log {
  warn(details: object, message: string): void;
}

const everyMs = 10 * 60_000;

/** Erases sessions, idempotency keys and password resets whose time is over. */
export async function eraseExpired(
  deps: Pick<Deps, 'sessions' | 'idempotency' | 'passwordResets' | 'clock'>,
): Promise<void> {
  const now = deps.clock.now();
  await deps.sessions.deleteExpired(now);
  await deps.idempotency.deleteExpired(now);
  await deps.passwordResets.deleteExpired(now);
}

/** Does so every ten minutes; disposing waits for what is under way. */
export function startUpkeep(
  deps: Pick<Deps, 'sessions' | 'idempotency' | 'passwordResets' | 'clock'>,
  log: Log,
): AsyncDisposable {
  let underWay = Promise.resolve();
  const timer = setInterval(() => {
    underWay = eraseExpired(deps).catch((err: unknown) => log.warn({ err }, 'upkeep failed; it comes again'));
  }, everyMs).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await underWay;
    },
  };
}
