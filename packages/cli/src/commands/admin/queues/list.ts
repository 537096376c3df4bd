import { defineCommand } from '../../../define-command.ts';
import { showQueues } from '../../../terminal/show-status.ts';

export default defineCommand({
  summary: 'List the queues, with the number of waiting and parked messages.',
  operations: ['listQueues'],
  async run({ twite, say }) {
    const queues = await twite.admin.listQueues();
    say(showQueues(queues.items));
    return queues;
  },
});
