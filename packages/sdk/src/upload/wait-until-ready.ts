import { withDeadline } from '../deadline.ts';
import { TwiteError } from '../errors.ts';
import type { Media } from '../generated/types.ts';
import type { CallOptions } from '../operation.ts';
import type { RetryPolicy } from '../retry.ts';
import type { WaitOptions } from './upload-options.ts';

const firstWaitMs = 250;
const longestWaitMs = 5_000;
const defaultTimeoutMs = 600_000;

/** Polls a medium, less often each time, until it is no longer being processed. */
export const waitUntilReady = (
  read: (options: CallOptions) => Promise<Media>,
  delay: RetryPolicy['delay'],
  { signal, timeoutMs = defaultTimeoutMs }: WaitOptions = {},
): Promise<Media> =>
  withDeadline({ signal, timeoutMs, operation: 'media.waitUntilReady' }, async (scope) => {
    for (let wait = firstWaitMs; ; wait = Math.min(wait * 1.5, longestWaitMs)) {
      const media = await read({ signal: scope.signal });
      if (media.state === 'failed') throw new TwiteError(`The server could not process ${media.mediaId}.`);
      if (media.state === 'ready') return media;
      await delay(wait, scope.signal);
    }
  });
