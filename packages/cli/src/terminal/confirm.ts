import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { UsageError } from '../usage-error.ts';

interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

const ownTerminal: Terminal = { input: process.stdin, output: process.stderr };

/** Reads the line that a person types. Empty if they press Ctrl-C or Ctrl-D instead. */
async function ask(question: string, { input, output }: Terminal): Promise<string> {
  const terminal = createInterface({ input, output });
  const closed = once(terminal, 'close').then(() => '');
  try {
    return (await Promise.race([terminal.question(question), closed])).trim();
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    output.write('\n');
    return '';
  } finally {
    terminal.close();
  }
}

interface Confirmation {
  /** What is about to happen, and what to type. */
  readonly question: string;
  readonly isRight: (typed: string) => boolean;
  /** The error message if the input differs. */
  readonly otherwise: string;
}

/** Requires typed confirmation of an action that cannot be undone. Outside a terminal, `--yes` is required. */
export async function confirm(
  { question, isRight, otherwise }: Confirmation,
  terminal = ownTerminal,
): Promise<void> {
  if (!terminal.input.isTTY)
    throw new UsageError('Confirmation required, but this is not a terminal. Pass --yes.');
  if (!isRight(await ask(`${question}: `, terminal))) throw new UsageError(otherwise);
}

/** Asks before one item is deleted, in a terminal only: a script names its id on purpose. Throws `UsageError`. */
export async function confirmInTerminal(
  question: string,
  isConfirmed: boolean,
  terminal = ownTerminal,
): Promise<void> {
  if (isConfirmed || !terminal.input.isTTY) return;
  const typed = await ask(`${question} This cannot be undone. [y/N] `, terminal);
  if (!/^y(es)?$/i.test(typed)) throw new UsageError('Canceled. Nothing was deleted.');
}
