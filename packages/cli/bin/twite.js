#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const needed = [20, 19];
const found = process.versions.node.split('.').map(Number);

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  console.error(`twite needs Node ${needed.join('.')} or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
} else if (!existsSync(new URL('../dist/main.js', import.meta.url))) {
  console.error('twite is not built yet. Build it with `npm run build`.');
  process.exitCode = 1;
} else {
  // Not Node's default, a folder in /tmp that whoever comes first may own.
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  // Since Node 22.8.
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE ?? join(caches, 'twite', 'compiled'));
  const { main } = await import('../dist/main.js');
  await main();
}
