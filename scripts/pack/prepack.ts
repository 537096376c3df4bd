// Run by npm in the folder of a package before `npm pack` and `npm publish`: builds its JavaScript and its
// declarations.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { prepareTypes } from './shipped-types.ts';

const folder = process.cwd();
const root = join(import.meta.dirname, '../..');
// On standard error: `npm pack --json` writes its result to standard output.
const stdio: ['ignore', 2, 2] = ['ignore', 2, 2];

execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio });
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', folder], { stdio });
prepareTypes(folder);
