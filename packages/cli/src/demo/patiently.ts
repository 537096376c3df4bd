import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimitedError } from '@twite/sdk';
import { CommandError } from '../usage-error.ts';

const longestWaitSeconds = 60;

/** Waits as often as the server asks to, unless it asks for more than a minute. */
export async function patiently<T>(ask: () => Promise<T>, wait = sleep): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      const seconds = error.retryAfterSeconds ?? longestWaitSeconds + 1;
      if (seconds > longestWaitSeconds) {
        throw new CommandError(
          'rate_limited',
          `This server limits sign-ups and requests: it asks to wait ${seconds} s. For loading large graphs start it with TWITE_RATE_LIMITS=off, then run the same command again with the same password.`,
          { cause: error },
        );
      }
      await wait(seconds * 1000);
    }
  }
}
