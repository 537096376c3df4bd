import { defineLocalCommand } from '../define-command.ts';
import { forOperator } from '../embedded-server.ts';

export default defineLocalCommand({
  summary: 'Run the change relay of a distributed instance, or a standby relay.',
  description:
    'Publishes the changes in MongoDB to RabbitMQ. One relay leads at a time. Start two: if the first one fails, the second takes over within 10 seconds.',
  examples: ['<%= config.bin %> relay'],
  async run() {
    await forOperator(({ runRelay }) => runRelay(process.env));
  },
});
