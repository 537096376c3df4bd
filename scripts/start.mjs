// npm start [-- --empty]: builds what is missing, then runs the server in this process.
import { nodeTooOld } from './node-version.mjs';

const problem = nodeTooOld();
if (problem) {
  console.error(problem);
  process.exit(1);
}
const { buildAll } = await import('./build-packages.mjs');
const built = await buildAll();
if (built.length > 0) console.log('Built what was missing.');
// In this process, so that signals reach the server without a parent in between.
await import('../packages/server/dist/main/run-embedded.js');
