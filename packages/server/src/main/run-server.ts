// The executable. Imports nothing but the check before it has passed: the rest does not load on an old Node.
import { nodeTooOld } from './node-version.ts';

const problem = nodeTooOld(process.versions.node);
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
} else {
  const { run } = await import('./run.ts');
  await run(process.env, process.argv.slice(2));
}
