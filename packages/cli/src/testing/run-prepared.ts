import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// The first argument is a folder made by `prepareRoot`; the others are the command line.
const [root = '', ...argv] = process.argv.slice(2);
// Before anything large is loaded.
enableCompileCache(join(root, 'compiled'));
const { main } = await import('../main.ts');
await main(argv, { root });
