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
      const what = chosen === undefined ? 'all parked messages' : plural(chosen.length, 'parked message');
      await confirm({
        question: `This permanently deletes ${what} of ${queue}. Type the name of the queue to confirm`,
        isRight: (typed) => typed === queue,
        otherwise: 'That is not the name of the queue. Nothing was dropped.',
      });
    }
    const result = await inBatches(chosen, (messageIds) =>
      twite.admin.dropParkedMessages({ queue, messageIds }),
    );
    say(line`Dropped ${plural(result.count, 'message')} of ${queue}.`);
    return result;
  },
});
