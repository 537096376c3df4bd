import { boolean, integer, string } from '@oclif/core/flags';
import { defineLocalCommand } from '../define-command.ts';
import { forOperator, loadSupervisor } from '../embedded-server.ts';
import { plainJson } from '../terminal/plain.ts';

export default defineLocalCommand({
  summary: 'Start a server on this machine, in one process with one data folder.',
  description:
    'Loads a demo network at the first start. Reads TWITE_PORT, TWITE_DATA_DIR and the other environment variables of the server.',
  examples: ['<%= config.bin %> up', '<%= config.bin %> up --empty --port 8081 --data-dir ./other'],
  flags: {
    empty: boolean({ summary: 'Do not load the demo network, now or at later starts.', default: false }),
    port: integer({ summary: 'The port to listen on; 0 for any free port.', min: 0, max: 65_535 }),
    'data-dir': string({ summary: 'The folder for all data.', helpValue: '<folder>' }),
    'no-restart': boolean({
      summary: 'Exit when the server fails instead of restarting it. For systemd and other supervisors.',
      default: false,
    }),
  },
  async run({ flags, json }) {
    const { supervise, followParent, tellSupervisor } = await loadSupervisor();
    if (!flags['no-restart']) {
      followParent();
      const [, module = '', ...args] = process.argv;
      process.exitCode = await supervise({ module, args: [...args, '--no-restart'] });
      return;
    }
    const env = {
      ...process.env,
      ...(flags.port === undefined ? {} : { TWITE_PORT: String(flags.port) }),
      ...(flags['data-dir'] === undefined ? {} : { TWITE_DATA_DIR: flags['data-dir'] }),
    };
    if (!json) {
      await forOperator(({ run }) => run(env, flags.empty ? ['--empty'] : [], { twite: 'twite' }));
      return;
    }
    followParent();
    await forOperator(async ({ loadConfig, startEmbedded, createLogger }) => {
      const config = loadConfig(env);
      const log = createLogger({ ...config, logLevel: 'silent' });
      const starting = startEmbedded(config, { log, demo: flags.empty ? 'decline' : 'offer' });
      await using server = await starting.catch((error: Error & { readonly isTransient?: boolean }) => {
        if (!error.isTransient) tellSupervisor({ twite: 'refused' });
        throw error;
      });
      const { url, metricsUrl, demo } = server;
      tellSupervisor({ twite: 'ready' });
      process.stdout.write(`${plainJson({ url, metricsUrl, dataDir: config.dataDir, demo })}\n`);
      const stopped = new Promise<undefined>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(undefined));
      });
      const failure = await Promise.race([stopped, server.failed]);
      if (!failure) return;
      tellSupervisor({ twite: 'failed', reason: failure.message });
      throw failure;
    });
  },
});
