import { integer } from '@oclif/core/flags';
import { defineLocalCommand } from '../define-command.ts';
import { forOperator } from '../embedded-server.ts';

export default defineLocalCommand({
  summary: 'Run a server alone, for a distributed instance.',
  description:
    'Configured by the environment (TWITE_ENGINE=distributed and the addresses of the services). Start as many as are needed behind a load balancer; TWITE_SERVICES mounts a part of the API. Workers and the change relay are processes of their own.',
  examples: ['TWITE_SERVICES=posts <%= config.bin %> server --port 8081'],
  flags: { port: integer({ summary: 'Where to listen; 0 for any free port.', min: 0, max: 65_535 }) },
  async run({ flags }) {
    const port = flags.port === undefined ? {} : { TWITE_PORT: String(flags.port) };
    await forOperator(({ run }) =>
      run({ ...process.env, ...port }, ['--empty'], { twite: 'twite', withWorkers: false }),
    );
  },
});
