import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PJSON } from '@oclif/core/interfaces';
import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What was said before `--`, which ends the flags. */
const flagsOf = (argv: readonly string[]): readonly string[] =>
  argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;

/** The server that the command line names, for messages about errors. */
function serverOf(argv: readonly string[]): string {
  const flags = flagsOf(argv);
  const at = flags.findIndex((flag) => flag === '--url' || flag.startsWith('--url='));
  const named = flags[at]?.startsWith('--url=') ? flags[at].slice('--url='.length) : flags[at + 1];
  return (at >= 0 ? named : process.env.TWITE_URL) || 'http://127.0.0.1:8080';
}

/** Runs a command line and sets the exit code. `commands`: another folder of commands than the package's. */
export async function main(argv: string[] = process.argv.slice(2), commands?: string): Promise<void> {
  try {
    // With NODE_ENV=test oclif would look for a compiler; there is nothing to compile.
    settings.enableAutoTranspile = false;
    const pjson = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as PJSON;
    if (commands !== undefined) pjson.oclif.commands = { strategy: 'pattern', target: commands };
    await run(argv, { root, pjson, ignoreManifest: commands !== undefined });
  } catch (error) {
    // oclif's way to end a command that printed its help.
    if ((error as { readonly code?: unknown }).code === 'EEXIT') {
      process.exitCode = (error as { readonly oclif?: { readonly exit?: number } }).oclif?.exit ?? 0;
      return;
    }
    const { reportError } = await import('./report-error.ts');
    process.exitCode = reportError(error, { url: serverOf(argv), json: flagsOf(argv).includes('--json') });
  }
}
