import { defineCommand } from '../../../define-command.ts';
import { yes } from '../../../flags.ts';
import { allFlag, chosenArgs, chosenMessages, inBatches } from '../../../queues/chosen-messages.ts';
import { confirm } from '../../../terminal/confirm.ts';
import { line } from '../../../terminal/printable.ts';
import { plural } from '../../../terminal/show.ts';

export default defineCommand({
  summary: 'Permanently delete parked messages.',
  operations: ['dropParkedMessages'],
  args: chosenArgs,
  flags: { all: allFlag, yes },
  async run({ args: { queue, messages }, flags, twite, say }) {
    const chosen = chosenMessages(messages, flags.all);
    if (!flags.yes) {
      const what = chosen === undefined ? 'All messages' : plural(chosen.length, 'message');
      await confirm({
        question: `${what} parked of ${queue} will never be handled. Type the name of the queue`,
        isRight: (typed) => typed === queue,
        otherwise: 'Not the name of the queue: nothing was dropped.',
      });
    }
    const result = await inBatches(chosen, (messageIds) =>
      twite.admin.dropParkedMessages({ queue, messageIds }),
    );
    say(line`Dropped ${plural(result.count, 'message')} of ${queue}.`);
    return result;
  },
});
