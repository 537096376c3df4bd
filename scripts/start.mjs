// npm start [-- --empty]: builds what is missing, then runs the server.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeTooOld } from './node-version.mjs';

const problem = nodeTooOld();
if (problem) {
  console.error(problem);
  process.exit(1);
}

// npm runs this through a shell, which dies of a signal to npm and passes it on to nobody. Without npm, outliving the
// parent may be meant.
const parent = process.ppid;
const orphanCheck = setInterval(() => {
  if (process.ppid === parent || !process.env.npm_lifecycle_event) return;
  clearInterval(orphanCheck);
  process.kill(process.pid, 'SIGTERM');
}, 250).unref();

const { isWholeBuilt } = await import('./build-packages.mjs');
if (!(await isWholeBuilt())) {
  // In another process, so that the server does not bear the memory of the build.
  const build = fileURLToPath(new URL('build.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [build], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
// In this process, so that signals reach the server without a parent in between.
await import('../packages/server/dist/main/run-server.js');
