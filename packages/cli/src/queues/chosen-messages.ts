import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import type { MessageCount } from '@twite/sdk';
import { requiredArg } from '../flags.ts';
import { UsageError } from '../usage-error.ts';

/** The maximum number per API call. */
const batchSize = 100;

export const queueArg = requiredArg('The name of a queue in `twite admin queues list`.');

/** The arguments of a command that acts on parked messages. */
export const chosenArgs = {
  queue: queueArg,
  messages: string({
    description: 'The ids of messages in `twite admin queues show`.',
    multiple: true,
    ignoreStdin: true,
  }),
};

export const allFlag = boolean({ summary: 'All parked messages of the queue.', default: false });

/** The given ids; undefined for all. */
export function chosenMessages(
  messages: readonly string[] | undefined,
  all: boolean,
): readonly string[] | undefined {
  const given = messages ?? [];
  if (all && given.length > 0) throw new UsageError('Give message ids or --all, not both.');
  if (!all && given.length === 0) throw new UsageError('Give message ids or --all.');
  return all ? undefined : given;
}

/** Acts on the chosen messages in batches of the API's maximum, and returns the total. */
export async function inBatches(
  chosen: readonly string[] | undefined,
  act: (messageIds: readonly string[] | undefined) => Promise<MessageCount>,
): Promise<MessageCount> {
  if (chosen === undefined) return act(undefined);
  let count = 0;
  for (let start = 0; start < chosen.length; start += batchSize) {
    count += (await act(chosen.slice(start, start + batchSize))).count;
  }
  return { count };
}
