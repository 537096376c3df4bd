import { string } from '@oclif/core/flags';
import { defineLocalCommand } from '../define-command.ts';
import { forOperator } from '../embedded-server.ts';

export default defineLocalCommand({
  summary: 'Run a worker of a distributed instance, which handles events and jobs.',
  description:
    'Reads its configuration from environment variables, as the server does. Start as many as you need; they share the work. Without --consumers, a worker handles all events and jobs.',
  examples: [
    '<%= config.bin %> worker',
    '<%= config.bin %> worker --consumers fanOut,jobs',
    '<%= config.bin %> worker --consumers jobs.media',
  ],
  flags: {
    consumers: string({
      summary:
        'The queues to work on, separated by commas: fanOut, searchIndex, upkeep, counts, graph, jobs (all classes) or jobs.fanOut, jobs.reconcile, jobs.media.',
      helpValue: '<names>',
    }),
  },
  async run({ flags }) {
    const consumers = flags.consumers
      ?.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    await forOperator(({ runWorker }) => runWorker(process.env, { consumers }));
  },
});
