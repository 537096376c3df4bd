import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PJSON } from '@oclif/core/interfaces';
import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';
import { arrangeArgv, splitFlags } from './arrange-argv.ts';

export interface MainOptions {
  /** The folder of package.json and the list of commands. */
  readonly root?: string;
  /** A folder of commands below it, to search instead of the list. */
  readonly commands?: string;
}

/** Runs a command line and sets the exit code. */
export async function main(
  typed: readonly string[] = process.argv.slice(2),
  { root = fileURLToPath(new URL('..', import.meta.url)), commands }: MainOptions = {},
): Promise<void> {
  const argv = arrangeArgv(typed);
  // With NODE_ENV=test, oclif would look for a compiler; there is nothing to compile.
  settings.enableAutoTranspile = false;
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PJSON;
  if (commands !== undefined) pjson.oclif.commands = { strategy: 'pattern', target: commands };
  const options = { root, pjson, ignoreManifest: commands !== undefined };
  try {
    if (argv[0] === '__complete') {
      const { complete } = await import('./complete.ts');
      return await complete(typed.slice(1), options);
    }
    if (argv.length === 0 || (argv.length === 1 && ['--help', '-h'].includes(argv[0] ?? ''))) {
      const { showRootHelp } = await import('./root-help.ts');
      return await showRootHelp(options);
    }
    await run(argv, options);
  } catch (error) {
    // How oclif ends a command that printed its help.
    if ((error as { readonly code?: unknown }).code === 'EEXIT') {
      process.exitCode = (error as { readonly oclif?: { readonly exit?: number } }).oclif?.exit ?? 0;
      return;
    }
    const [{ reportError }, { namedWrong }, { serverOf }] = await Promise.all([
      import('./report-error.ts'),
      import('./named-wrong.ts'),
      import('./server-of.ts'),
    ]);
    const [flags] = splitFlags(argv);
    process.exitCode = reportError(await namedWrong(error, options), {
      url: await serverOf(flags, options),
      json: flags.includes('--json'),
      usesToken: Boolean(process.env.TWITE_TOKEN) || flags.some((flag) => /^--token(=|$)/.test(flag)),
    });
  }
}
