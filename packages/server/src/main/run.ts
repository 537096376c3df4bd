import { parseArgs } from 'node:util';
import { type Config, ConfigError, loadConfig } from '@twite/process/config/load-config';
import { followParent } from '@twite/process/follow-parent';
import { createLogger, logOutputOf } from '@twite/process/logger';
import { runUntilSignal } from '@twite/process/run-until-signal';
import { tellOperator } from '@twite/process/tell-operator';
import { makeBanner } from './banner.ts';
import { collectGarbage } from './collect-garbage.ts';
import { type DistributedOptions, startDistributed } from './distributed.ts';
import { startEmbedded } from './embedded.ts';
import type { RunningServer } from './serve.ts';

const usage = `Usage: npm start -- [--empty] [--no-restart]

  --empty        start without the demo network, now and at every later start
  --no-restart   end when the server fails, instead of starting it again: for systemd and other supervisors
  --help         this

Everything else is configured by environment variables: docs/configuration.md.
`;

function parseArguments(argv: readonly string[]): { empty: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { empty: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    return values;
  } catch (error) {
    // The rest of its message is advice that does not apply here.
    const [firstSentence = ''] = (error as Error).message.split('. ');
    throw new ConfigError([`${firstSentence}; see --help`]);
  }
}

export interface RunOptions {
  /** The name of the command line in the banner. */
  readonly twite?: string;
  /** Whether workers and relay run in this process too, if the engine has them: true by default. */
  readonly withWorkers?: boolean;
}

/** Only the embedded engine offers the demo: shared stores are filled by `twite demo load`. */
const start = (config: Config, options: DistributedOptions, empty: boolean): Promise<RunningServer> =>
  config.engine === 'embedded'
    ? startEmbedded(config, { ...options, demo: empty ? 'decline' : 'offer' })
    : startDistributed(config, options);

/**
 * Runs the server as this process: prints the banner and ends on signals. Errors that the operator can fix are printed
 * without a stack, and set the exit code. `env` and `argv` (without node and script) as in `process`.
 */
export const run = (
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
  { twite = 'npm run twite --', withWorkers = true }: RunOptions = {},
): Promise<void> =>
  tellOperator(async () => {
    followParent();
    const { empty, help } = parseArguments(argv);
    if (help) {
      process.stdout.write(usage);
      return;
    }
    const config = loadConfig(env, { kind: withWorkers ? 'all' : 'server' });
    const log = createLogger(config);
    const server = await runUntilSignal((signal) => start(config, { log, withWorkers, signal }, empty), log);
    if (server === undefined) return;
    const data =
      config.engine === 'embedded' ? config.dataDir : `namespace ${config.namespace} on the services`;
    // A server alone is run by an orchestrator, which reads its stdout as JSON.
    const isJson = config.role === 'server' && logOutputOf(config).format === 'json';
    (isJson ? process.stderr : process.stdout).write(makeBanner({ ...server, data, twite }));
    if (server.demo) await server.settled().then(collectGarbage);
  });
