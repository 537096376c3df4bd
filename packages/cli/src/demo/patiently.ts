import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimitedError, UnavailableError } from '@twite/sdk';
import { CommandError } from '../usage-error.ts';

const longestWaitSeconds = 60;

/** About a minute of an overloaded server. */
const overloadedMax = 30;

/** Whether the server is overloaded right now. */
const isOverloaded = (error: unknown): error is UnavailableError =>
  error instanceof UnavailableError && error.code === 'overloaded';

/**
 * Retries as often as the server asks for it, unless the requested wait exceeds a minute or the server stays overloaded
 * for longer.
 */
export async function patiently<T>(ask: () => Promise<T>, wait = sleep): Promise<T> {
  let overloaded = 0;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (isOverloaded(error) && overloaded++ < overloadedMax) {
        await wait((error.retryAfterSeconds ?? 1) * 1000);
        continue;
      }
      if (!(error instanceof RateLimitedError)) throw error;
      const seconds = error.retryAfterSeconds ?? longestWaitSeconds + 1;
      if (seconds > longestWaitSeconds) {
        throw new CommandError(
          'rate_limited',
          `The server limits sign-ups and requests, and asks to wait ${seconds} s. To load a large graph, start the server with TWITE_RATE_LIMITS=off and run the same command again with the same password.`,
          { cause: error },
        );
      }
      await wait(seconds * 1000);
    }
  }
}
