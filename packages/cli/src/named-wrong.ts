// Not `await import`: in the bundle, what is CommonJS has no names when it is imported so.
import { Config } from '@oclif/core/config';
import type { LoadOptions } from '@oclif/core/interfaces';
import { closestCommand } from './closest-command.ts';
import { UsageError } from './usage-error.ts';

/** Of a command that does not exist: which one was meant. Other errors come back as they are. */
export async function namedWrong(error: unknown, options: LoadOptions): Promise<unknown> {
  const [, typed] = (error instanceof Error && /^command (.+) not found\.?$/is.exec(error.message)) || [];
  if (typed === undefined) return error;
  const { commandIDs } = await Config.load(options);
  // What was typed after a known word may be anything.
  const meant = closestCommand(typed, commandIDs) ?? closestCommand(typed.split(':')[0] ?? '', commandIDs);
  const advice = meant
    ? `Did you mean \`twite ${meant.replaceAll(':', ' ')}\`?`
    : '`twite --help` lists the commands.';
  return new UsageError(`Unknown command \`${typed.replaceAll(':', ' ')}\`. ${advice}`);
}
