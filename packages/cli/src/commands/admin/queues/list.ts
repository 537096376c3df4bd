import { defineCommand } from '../../../define-command.ts';
import { showQueues } from '../../../terminal/show-status.ts';

export default defineCommand({
  summary: 'List the queues of work, with what waits and what was parked.',
  operations: ['listQueues'],
  async run({ twite, say }) {
    const queues = await twite.admin.listQueues();
    say(showQueues(queues.items));
    return queues;
  },
});
