import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { UsageError } from '../usage-error.ts';

interface Confirmation {
  /** What is about to happen, and what to type. */
  readonly question: string;
  readonly isRight: (typed: string) => boolean;
  /** The error when something else was typed. */
  readonly otherwise: string;
}

/** Makes a person type something before an action that cannot be undone. Outside a terminal it takes `--yes`. */
export async function confirm({ question, isRight, otherwise }: Confirmation): Promise<void> {
  if (!process.stdin.isTTY)
    throw new UsageError('Confirmation required, but this is not a terminal. Pass --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await terminal.question(`${question}: `);
    if (!isRight(typed.trim())) throw new UsageError(otherwise);
  } finally {
    terminal.close();
  }
}

interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/** Asks before one thing is deleted, in a terminal only: a script named its id on purpose. Throws `UsageError`. */
export async function confirmInTerminal(
  question: string,
  isConfirmed: boolean,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (isConfirmed || !input.isTTY) return;
  const terminal = createInterface({ input, output });
  const closed = once(terminal, 'close').then(() => '');
  try {
    const typed = await Promise.race([
      terminal.question(`${question} This cannot be undone. [y/N] `),
      closed,
    ]);
    if (!/^y(es)?$/i.test(typed.trim())) throw new UsageError('Canceled: nothing was deleted.');
  } finally {
    terminal.close();
  }
}
