import { type ListedCommand, usage } from './command-table.ts';

const begin = '<!-- commands: written by `npm run generate` -->';
const end = '<!-- /commands -->';

/** The README with the current list of commands. */
export function withCommands(readme: string, commands: readonly ListedCommand[]): string {
  const rows = commands.map((one) => {
    const aliases = one.command.aliases.map((alias) => ` Also \`${alias.replaceAll(':', ' ')}\`.`);
    return `| \`${usage(one)}\` | ${one.command.summary}${aliases.join('')} |`;
  });
  const list = ['| command | what it does |', '| --- | --- |', ...rows].join('\n');
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error('README.md has lost its marks around the commands.');
  return `${before}${begin}\n\n${list}\n\n${end}${after}`;
}
