import type { Key } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UsageError } from '../usage-error.ts';

/** A terminal's keyboard, or any other standard input. */
export type Input = Readable & { readonly isTTY?: boolean };

export interface AskPasswordOptions {
  /** The name of the value, such as `Password`. */
  readonly prompt: string;
  /** Asks twice, as for a new password. */
  readonly twice?: boolean;
  /** The environment variable and its value. */
  readonly environment: { readonly name: string; readonly value: string | undefined };
  readonly input?: Input;
  readonly output?: Writable;
}

/** Reads a line from a terminal without echo. Throws `UsageError` on Ctrl-C and Ctrl-D. */
async function readHidden(question: string, input: Input, output: Writable): Promise<string> {
  // Loaded here because most commands never ask for a password.
  const { default: password } = await import('@inquirer/password');
  const end = new AbortController();
  const endOnKey = (_typed: string, key: Key): void => {
    if (key.ctrl && key.name === 'd') end.abort();
  };
  const endOnClose = (): void => end.abort();
  // Inquirer only handles Ctrl-C: with a closed input it would wait forever.
  input.on('keypress', endOnKey).once('end', endOnClose);
  try {
    return await password(
      { message: '', theme: { prefix: `${question}:`, style: { message: () => '', help: () => '' } } },
      { input, output, signal: end.signal },
    );
  } catch (error) {
    if (!/^(Abort|Exit)PromptError$/.test((error as Error).name)) throw error;
    throw new UsageError('Canceled. Nothing was done.');
  } finally {
    input.off('keypress', endOnKey).off('end', endOnClose);
  }
}

/**
 * Reads a password from the environment or from a terminal without echo. Never from an argument, which others may read.
 */
export async function askPassword({
  prompt,
  twice = false,
  environment,
  input = process.stdin,
  output = process.stderr,
}: AskPasswordOptions): Promise<string> {
  if (environment.value) return environment.value;
  if (!input.isTTY) {
    throw new UsageError(
      `There is no terminal to ask for the password. Use --password-stdin, or set ${environment.name}.`,
    );
  }
  const password = await readHidden(prompt, input, output);
  if (password === '') throw new UsageError('You did not type a password. Nothing was done.');
  if (twice && (await readHidden(`${prompt} again`, input, output)) !== password) {
    throw new UsageError('The passwords do not match. Nothing was done.');
  }
  return password;
}

/** Reads the lines of standard input. Throws UsageError unless there are exactly `count` of them. */
export async function readPasswordLines(count: number, input: Input = process.stdin): Promise<string[]> {
  const lines = (await text(input)).replace(/\r?\n$/, '').split(/\r?\n/);
  if (lines.length !== count || lines.includes('')) {
    throw new UsageError(
      `--password-stdin needs ${count === 1 ? 'the password, on one line' : `${count} lines, one for each value`}.`,
    );
  }
  return lines;
}

/** The password of a command, from the source that the flags select. */
export async function commandPassword(
  fromStdin: boolean,
  { prompt = 'Password', twice = false } = {},
): Promise<string> {
  if (fromStdin) return (await readPasswordLines(1))[0] ?? '';
  return askPassword({
    prompt,
    twice,
    environment: { name: 'TWITE_PASSWORD', value: process.env.TWITE_PASSWORD },
  });
}
