import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UsageError } from '../usage-error.ts';

/** A terminal's keyboard, or any other standard input. */
export type Input = Readable & { isTTY?: boolean; setRawMode?(raw: boolean): unknown };

export interface AskPasswordOptions {
  /** What is asked for, such as `Password`. */
  readonly prompt: string;
  /** Ask twice, as for a new password. */
  readonly twice?: boolean;
  /** What the environment holds, and under which name. */
  readonly environment: { readonly name: string; readonly value: string | undefined };
  readonly input?: Input;
  readonly output?: { write(text: string): unknown };
}

const interrupt = '\u0003';
const endOfInput = '\u0004';

/** Reads a line from a terminal that does not show it. */
async function readHidden(input: Input): Promise<string> {
  let typed = '';
  input.setRawMode?.(true);
  input.setEncoding('utf8');
  try {
    // Destroying the iterator would close the terminal: it may be asked again.
    for await (const chunk of input.iterator({ destroyOnReturn: false })) {
      const keys = [...String(chunk)];
      for (const [at, key] of keys.entries()) {
        if (key === interrupt) throw new UsageError('Interrupted: nothing was done.');
        if (key === '\r' || key === '\n' || key === endOfInput) {
          // Typed ahead, for the next question.
          const rest = keys.slice(at + 1).join('');
          if (rest) input.unshift(rest, 'utf8');
          return typed;
        }
        if (key === '\u007f' || key === '\b') typed = [...typed].slice(0, -1).join('');
        // Ctrl-U, as shells do.
        else if (key === '\u0015') typed = '';
        else typed += key;
      }
    }
    return typed;
  } finally {
    input.setRawMode?.(false);
    input.pause();
  }
}

/** A password, from the environment or a terminal that does not show it. Never from an argument, which others may read. */
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
      `No terminal to ask for the password on. Pipe it in with --password-stdin, or set ${environment.name}.`,
    );
  }
  const ask = async (question: string): Promise<string> => {
    output.write(`${question}: `);
    try {
      return await readHidden(input);
    } finally {
      output.write('\n');
    }
  };
  const password = await ask(prompt);
  if (password === '') throw new UsageError('No password was typed: nothing was done.');
  if (twice && (await ask(`${prompt}, once more`)) !== password) {
    throw new UsageError('The two passwords differ: nothing was done.');
  }
  return password;
}

/** The lines of standard input; throws UsageError unless there are `count` of them. */
export async function readPasswordLines(count: number, input: Input = process.stdin): Promise<string[]> {
  const lines = (await text(input)).replace(/\r?\n$/, '').split(/\r?\n/);
  if (lines.length !== count || lines.includes('')) {
    throw new UsageError(
      `--password-stdin needs ${count === 1 ? 'the password, on one line' : `${count} lines, a password each`}.`,
    );
  }
  return lines;
}

/** The password of a command, from wherever it was told to take it. */
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
