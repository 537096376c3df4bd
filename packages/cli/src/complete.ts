import { Config } from '@oclif/core/config';
import type { LoadOptions } from '@oclif/core/interfaces';

/** A completion, with a short description. */
export interface Candidate {
  readonly value: string;
  readonly summary: string;
}

export interface KnownCommand {
  /** Its words, separated by colons. */
  readonly id: string;
  readonly summary: string;
  readonly flags: readonly { readonly name: string; readonly summary: string }[];
}

export interface KnownTopic {
  readonly name: string;
  readonly summary: string;
}

const helpFlag = { value: '--help', summary: 'Show help for the command.' };

/** The unique next words that start with `typed`, after a prefix of an id. */
function wordsAfter(
  prefix: string,
  typed: string,
  known: readonly (readonly [id: string, summary: string])[],
): Candidate[] {
  const found = new Map<string, string>();
  for (const [id, summary] of known) {
    if (!id.startsWith(prefix)) continue;
    const [word = '', ...deeper] = id.slice(prefix.length).split(':');
    if (word.startsWith(typed) && (deeper.length === 0 || !found.has(word))) {
      found.set(word, deeper.length === 0 ? summary : '');
    }
  }
  return [...found].map(([value, summary]) => ({ value, summary }));
}

/** The completions of the last of `words`. `words` follow the name of the program; the last one may be empty. */
export function completionsFor(
  words: readonly string[],
  commands: readonly KnownCommand[],
  topics: readonly KnownTopic[],
): Candidate[] {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  // After it there are neither flags nor command words.
  if (before.includes('--')) return [];
  const path = before.filter((word) => !word.startsWith('-'));
  const ids = path.map((_, index) => path.slice(0, path.length - index).join(':'));
  const id = ids.find((one) => commands.some((command) => command.id === one)) ?? '';
  if (typed.startsWith('-')) {
    const flags = commands.find((command) => command.id === id)?.flags ?? [];
    const all = [...flags.map(({ name, summary }) => ({ value: `--${name}`, summary })), helpFlag];
    return all.filter(({ value }) => value.startsWith(typed));
  }
  const prefix = path.map((word) => `${word}:`).join('');
  const known = [
    ...commands.map((command) => [command.id, command.summary] as const),
    // Last: the summary of a topic describes all of its commands.
    ...topics.map(({ name, summary }) => [name, summary] as const),
  ];
  return wordsAfter(prefix, typed, known).sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** Prints candidates for a shell, one per line, with the summary after a tab. */
export async function complete(words: readonly string[], options: LoadOptions): Promise<void> {
  const config = await Config.load(options);
  const commands = config.commands.map(({ id, summary = '', flags }) => ({
    id,
    summary,
    flags: Object.values(flags)
      .filter(({ hidden }) => hidden !== true)
      .map(({ name, summary: of = '' }) => ({ name, summary: of })),
  }));
  const topics = config.topics.map(({ name, description = '' }) => ({ name, summary: description }));
  const lines = completionsFor(words, commands, topics).map(({ value, summary }) => `${value}\t${summary}\n`);
  process.stdout.write(lines.join(''));
}
