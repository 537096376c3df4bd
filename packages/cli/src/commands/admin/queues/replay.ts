import { defineCommand } from '../../../define-command.ts';
import { allFlag, chosenArgs, chosenMessages, inBatches } from '../../../queues/chosen-messages.ts';
import { line } from '../../../terminal/printable.ts';
import { plural } from '../../../terminal/show.ts';

export default defineCommand({
  summary: 'Return parked messages to their queue.',
  operations: ['replayParkedMessages'],
  args: chosenArgs,
  flags: { all: allFlag },
  async run({ args: { queue, messages }, flags, twite, say }) {
    const result = await inBatches(chosenMessages(messages, flags.all), (messageIds) =>
      twite.admin.replayParkedMessages({ queue, messageIds }),
    );
    say(line`Returned ${plural(result.count, 'message')} to ${queue}.`);
    return result;
  },
});
