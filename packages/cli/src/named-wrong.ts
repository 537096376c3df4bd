// Not `await import`: in the bundle, a CommonJS module imported that way has no named exports.
import { Config } from '@oclif/core/config';
import type { LoadOptions } from '@oclif/core/interfaces';
import { closestCommand } from './closest-command.ts';
import { UsageError } from './usage-error.ts';

/** Names the command that was probably meant when a command does not exist. Returns other errors unchanged. */
export async function namedWrong(error: unknown, options: LoadOptions): Promise<unknown> {
  const [, typed] = (error instanceof Error && /^command (.+) not found\.?$/is.exec(error.message)) || [];
  if (typed === undefined) return error;
  const { commandIDs } = await Config.load(options);
  // Anything may follow a known word.
  const meant = closestCommand(typed, commandIDs) ?? closestCommand(typed.split(':')[0] ?? '', commandIDs);
  const advice = meant
    ? `Did you mean \`twite ${meant.replaceAll(':', ' ')}\`?`
    : '`twite --help` lists the commands.';
  return new UsageError(`Unknown command \`${typed.replaceAll(':', ' ')}\`. ${advice}`);
}
