// npm start [-- --empty] [--no-restart]: builds what is missing, then runs the server and starts it again when it fails.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeTooOld } from './node-version.mjs';

const problem = nodeTooOld();
if (problem) {
  console.error(problem);
  process.exit(1);
}

// Before the build, during which npm may end.
const parent = process.ppid;

const { isWholeBuilt } = await import('./build-packages.mjs');
if (!(await isWholeBuilt())) {
  // In another process, so that the server does not bear the memory of the build.
  const build = fileURLToPath(new URL('build.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [build], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const { followParent, supervise } = await import('../packages/server/dist/supervise.js');
followParent({ parent });
const server = new URL('../packages/server/dist/main/run-server.js', import.meta.url);
const args = process.argv.slice(2).filter((arg) => arg !== '--no-restart');
if (args.length < process.argv.length - 2) {
  process.argv.splice(2, Infinity, ...args);
  await import(server.href);
} else {
  process.exitCode = await supervise({ module: fileURLToPath(server), args });
}
