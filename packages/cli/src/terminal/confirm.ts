import { createInterface } from 'node:readline/promises';
import { UsageError } from '../usage-error.ts';

interface Confirmation {
  /** Says what is about to happen and what to type. */
  readonly question: string;
  readonly isRight: (typed: string) => boolean;
  /** What is said when something else was typed. */
  readonly otherwise: string;
}

/** Has a person type something before what cannot be undone. */
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
