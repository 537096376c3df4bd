// npm start [-- --empty]: builds what is missing, then runs the server.
import { spawn } from 'node:child_process';
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

const { buildAll } = await import('./build-packages.mjs');
const built = await buildAll();
const entry = new URL('../packages/server/dist/main/run-embedded.js', import.meta.url);

if (built.length === 0) {
  // In this process, so that signals reach the server without a parent in between.
  await import(entry.href);
} else {
  console.log(`Built ${built.join(', ')}.`);
  // In another process, so that the server does not bear the memory of the build.
  const child = spawn(process.execPath, [fileURLToPath(entry), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to both: the child alone decides. Other senders know this process only.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 130);
  });
}
