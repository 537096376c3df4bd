import { integer } from '@oclif/core/flags';
import { defineLocalCommand } from '../define-command.ts';
import { forOperator } from '../embedded-server.ts';

export default defineLocalCommand({
  summary: 'Run a server of a distributed instance.',
  description:
    'Reads its configuration from environment variables (TWITE_ENGINE=distributed and the addresses of the services). Start as many as you need behind a load balancer; TWITE_SERVICES selects the parts of the API that it serves. Workers and the change relay run as separate processes.',
  examples: ['TWITE_SERVICES=posts <%= config.bin %> server --port 8081'],
  flags: { port: integer({ summary: 'The port to listen on; 0 for any free port.', min: 0, max: 65_535 }) },
  async run({ flags }) {
    const port = flags.port === undefined ? {} : { TWITE_PORT: String(flags.port) };
    await forOperator(({ run }) =>
      run({ ...process.env, ...port }, ['--empty'], { twite: 'twite', withWorkers: false }),
    );
  },
});
