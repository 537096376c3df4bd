import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandClass } from '../define-command.ts';

export interface ListedCommand {
  /** As typed: `post show`. */
  readonly name: string;
  readonly command: CommandClass;
}

const folder = fileURLToPath(new URL('../commands', import.meta.url));

/** All commands, ordered by name. */
export async function loadCommands(): Promise<ListedCommand[]> {
  const files = globSync('**/*.ts', { cwd: folder }).sort();
  return Promise.all(
    files.map(async (file) => {
      const { default: command } = (await import(join(folder, file))) as { readonly default: CommandClass };
      return { name: file.replace(/\.ts$/, '').replaceAll('/', ' '), command };
    }),
  );
}

/** The usage of a command: its name, arguments and own flags. */
export function usage({ name, command }: ListedCommand): string {
  const args = Object.entries(command.args ?? {}).map(([arg, { required, multiple }]) => {
    const shown = arg.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase() + (multiple ? '…' : '');
    return required ? shown : `[${shown}]`;
  });
  const flags = Object.entries(command.flags ?? {}).map(([flag, { required, type }]) => {
    const shown = type === 'boolean' ? `--${flag}` : `--${flag} …`;
    return required ? shown : `[${shown}]`;
  });
  return ['twite', name, ...args, ...flags].join(' ');
}
