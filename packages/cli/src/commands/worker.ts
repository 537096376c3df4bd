import { string } from '@oclif/core/flags';
import { defineLocalCommand } from '../define-command.ts';
import { forOperator } from '../embedded-server.ts';

export default defineLocalCommand({
  summary: 'Run a worker of a distributed instance: it consumes events and works on jobs.',
  description:
    'Configured by the environment, as the server is. Start as many as are needed; they share the work. Without --consumers a worker does everything.',
  examples: ['<%= config.bin %> worker', '<%= config.bin %> worker --consumers fanOut,jobs'],
  flags: {
    consumers: string({
      summary: 'What to work on, separated by commas: fanOut, searchIndex, upkeep, jobs, counts, graph.',
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
