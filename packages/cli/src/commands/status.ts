import { defineCommand } from '../define-command.ts';
import { showStatus } from '../terminal/show-status.ts';

export default defineCommand({
  summary: 'Show the status of the instance: dependencies, queues, processes, and what is degraded.',
  operations: ['getStatus'],
  async run({ twite, say }) {
    const status = await twite.admin.getStatus();
    say(showStatus(status));
    return status;
  },
});
