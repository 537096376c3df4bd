// npm run build [-- --force]: makes the JavaScript of every package that is missing or older than its sources.
// Types are not made here: that is `npm run types`.
import { nodeTooOld } from './node-version.mjs';

const problem = nodeTooOld();
if (problem) {
  console.error(problem);
  process.exit(1);
}
const { buildAll } = await import('./build-packages.mjs');
const started = performance.now();
const built = await buildAll({ force: process.argv.includes('--force') });
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(built.length === 0 ? 'Everything is built.' : `Built ${built.join(', ')} in ${seconds} s.`);
