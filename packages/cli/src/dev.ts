import { main } from './main.ts';

// Runs from source, without a build: `node --conditions=twite-source packages/cli/src/dev.ts …`.
await main(process.argv.slice(2), { commands: './src/commands' });
