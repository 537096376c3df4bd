import { defineCommand } from '../../../define-command.ts';
import { pageFlags } from '../../../flags.ts';
import { queueArg } from '../../../queues/chosen-messages.ts';
import { pageInput, takePage } from '../../../take-page.ts';
import { showParkedMessage } from '../../../terminal/show-status.ts';

export default defineCommand({
  summary: 'List the parked messages of a queue, oldest first.',
  operations: ['listParkedMessages'],
  args: { queue: queueArg },
  flags: pageFlags,
  async run({ args, flags, twite, sayPage }) {
    const list = twite.admin.listParkedMessages({ queue: args.queue, ...pageInput(flags) });
    const page = await takePage(list, flags);
    sayPage(page, showParkedMessage, { empty: 'No parked messages.' });
    return page;
  },
});
