import { parseArgs } from 'node:util';
import { ConfigError, loadConfig } from '@twite/process/config/load-config';
import { endProcessWith } from '@twite/process/end-process';
import { createLogger } from '@twite/process/logger';
import { OperatorError } from '@twite/process/operator-error';
import { makeBanner } from './banner.ts';
import { collectGarbage } from './collect-garbage.ts';
import { startEmbedded } from './embedded.ts';

const usage = `Usage: npm start -- [--empty]

  --empty   start without the demo network, now and at every later start
  --help    this

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
    // Its message goes on with advice that does not fit here.
    const [firstSentence = ''] = (error as Error).message.split('. ');
    throw new ConfigError([`${firstSentence}; --help tells what there is`]);
  }
}

/**
 * Runs the server as this process: prints the banner and ends by signals. What the operator can mend is told without a
 * stack, and sets the exit code. `env` and `argv` (without node and script) as `process` has them. `twite` is how the banner
 * calls the command line.
 */
export async function run(
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
  { twite = 'npm run twite --' }: { readonly twite?: string } = {},
): Promise<void> {
  try {
    const { empty, help } = parseArguments(argv);
    if (help) {
      process.stdout.write(usage);
      return;
    }
    const config = loadConfig(env);
    const log = createLogger(config);
    const server = await startEmbedded(config, { log, demo: empty ? 'decline' : 'offer' });
    endProcessWith(server, log);
    process.stdout.write(makeBanner({ ...server, dataDir: config.dataDir, twite }));
    if (server.demo) await server.settled().then(collectGarbage);
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof OperatorError)) throw error;
    process.stderr.write(`twite: ${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
