import { defineCommand } from '../define-command.ts';
import { showStatus } from '../terminal/show-status.ts';

export default defineCommand({
  summary: 'See how the instance stands: what it depends on, what waits, what is degraded.',
  operations: ['getStatus'],
  async run({ twite, say }) {
    const status = await twite.admin.getStatus();
    say(showStatus(status));
    return status;
  },
});
