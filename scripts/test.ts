import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a command with inherited output. Returns whether it succeeded. An aborted signal kills it. */
function run(
  command: string,
  args: readonly string[],
  env = process.env,
  signal?: AbortSignal,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(command, args, { stdio: 'inherit', env, signal, killSignal: 'SIGKILL' });
  child.on('error', (error) => {
    if (!signal?.aborted) console.error(`${command} could not be started: ${error.message}`);
    resolve(false);
  });
  child.on('close', (code) => resolve(code === 0));
  return promise;
}

const node = (script: string, ...args: string[]): Promise<boolean> =>
  run(process.execPath, ['--conditions=twite-source', script, ...args]);

/** The variables that the tests of the distributed engine need: those of the servers with TEST_ in the name. */
const needed = [
  'TWITE_TEST_MONGODB_URL',
  'TWITE_TEST_REDIS_URL',
  'TWITE_TEST_RABBITMQ_URL',
  'TWITE_TEST_ELASTICSEARCH_URL',
  'TWITE_TEST_NEO4J_URL',
  'TWITE_TEST_S3_ENDPOINT',
];
const missing = needed.filter((name) => !process.env[name]);

/** Loads the test files that skip tests without servers, as if there were none; runs no test. */
function loadWithoutServers(): Promise<boolean> {
  const files = globSync(['packages/*/src/**/*.test.ts', 'compose/tests/*.test.ts']).filter((file) =>
    readFileSync(file, 'utf8').includes('.runIf('),
  );
  const set = Object.entries(process.env).filter(([name]) => !name.startsWith('TWITE_TEST_'));
  // In one process: shared imports are loaded once.
  return run('vitest', ['run', '--no-isolate', '--testNamePattern=^$', ...files], Object.fromEntries(set));
}

/** The checks besides the tests. The tests of the spawned CLI and server need the build. */
const checks: readonly (readonly [name: string, check: () => Promise<boolean>])[] = [
  ['build', () => node('scripts/build.mjs')],
  ['types', () => run('tsc', ['-b'])],
  ['lint and format', () => run('biome', ['check', '.', '--error-on-warnings'])],
  ['unused code', () => run('knip', ['--no-progress'])],
  ['dependency rules', () => node('scripts/check-dependencies.ts')],
  ['generated files are fresh', () => node('scripts/generate.ts', '--check')],
  // If all are missing, the tests themselves show it.
  ...(missing.length === needed.length ? [] : [['tests load without servers', loadWithoutServers] as const]),
];

interface VitestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

/** How long vitest may take to exit after it wrote its report. */
const endingMs = 60_000;

/**
 * Runs vitest with this program's arguments. Returns how many tests passed and failed. vitest does not exit while a
 * process left running by a test holds its output open: it is killed then, and the report counts.
 */
async function runTests(args: readonly string[]): Promise<{ passed: number; failed: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'twite-test-'));
  const file = join(folder, 'report.json');
  const kill = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, () => {
    timer ??= setTimeout(() => {
      console.error('vitest did not end after its report: a test left a process running.');
      kill.abort();
    }, endingMs);
  });
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const ended = await run('vitest', ['run', ...reporters, ...args], process.env, kill.signal);
    const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
    // A file that cannot be loaded, or an error outside of any test, fails the run without a failed test.
    const unseen =
      (!report.success || !(ended || kill.signal.aborted)) && report.numFailedTests === 0 ? 1 : 0;
    return { passed: report.numPassedTests, failed: report.numFailedTests + unseen };
  } catch (error) {
    console.error(`vitest left no report: ${String(error)}`);
    return { passed: 0, failed: 1 };
  } finally {
    clearTimeout(timer);
    watcher.close();
    rmSync(folder, { recursive: true });
  }
}

let passed = 0;
let failed = 0;
const summary: string[] = [];
for (const [name, check] of checks) {
  const started = performance.now();
  const good = await check();
  if (good) passed++;
  else failed++;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  summary.push(`${good ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`);
}
const tests = await runTests(process.argv.slice(2));
console.log(`\n${summary.join('\n')}`);
if (missing.length > 0) {
  console.log(
    `LEFT OUT: the distributed engine. To test it too, start its servers and set ${missing.join(', ')} (docs/contributing.md).`,
  );
}
if (missing.length === 0 && !process.env.TWITE_TEST_STACK) {
  console.log(
    'LEFT OUT: the fault tests, which kill and pause servers. Set TWITE_TEST_STACK to run them (docs/contributing.md).',
  );
}
if (!process.env.TWITE_TEST_LAB) {
  console.log(
    'LEFT OUT: the acceptance tests, which run compose/compose.yaml in Docker. Set TWITE_TEST_LAB to run them (docs/contributing.md).',
  );
}
passed += tests.passed;
failed += tests.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
