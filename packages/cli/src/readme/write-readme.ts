import { readFile, writeFile } from 'node:fs/promises';
import { loadCommands } from './command-table.ts';
import { withCommands } from './with-commands.ts';

// Run `node --conditions=twite-source packages/cli/src/readme/write-readme.ts` whenever a command changes.
const file = new URL('../../README.md', import.meta.url);
await writeFile(file, withCommands(await readFile(file, 'utf8'), await loadCommands()));
