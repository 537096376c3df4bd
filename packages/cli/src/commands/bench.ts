import { join } from 'node:path';
import { string as stringArg } from '@oclif/core/args';
import { boolean, integer, string } from '@oclif/core/flags';
import type { BenchMode } from '../bench/report.ts';
import type { ScenarioName } from '../bench/scenarios.ts';
import { defineCommand, type RunContext } from '../define-command.ts';
import { line } from '../terminal/printable.ts';
import { UsageError } from '../usage-error.ts';

// Not imported, so that help does not load the benchmark code.
const scenarioNames = [
  'home',
  'profile',
  'post',
  'search',
  'media',
  'mixed',
] as const satisfies readonly ScenarioName[];

const defaultSeconds: Readonly<Record<BenchMode, number>> = { closed: 10, open: 10, ramp: 5, soak: 600 };
const runSecondsMax = 3_600;
const soakSecondsMax = 24 * 3_600;
const defaultSoakRate = 50;
/** In a shorter step, answers that are pending at the end would count as falling behind. */
const rampSecondsMin = 2;

interface ModeFlags {
  readonly ramp: boolean;
  readonly soak: boolean;
  readonly rate: number | undefined;
  readonly duration: number | undefined;
  readonly metrics: string | undefined;
}

function modeOf({ ramp, soak, rate, duration, metrics }: ModeFlags): BenchMode {
  if (ramp && soak) throw new UsageError('Give --ramp or --soak, not both.');
  if (metrics !== undefined && !soak) throw new UsageError('--metrics is for --soak.');
  if (ramp && (duration ?? rampSecondsMin) < rampSecondsMin)
    throw new UsageError(`With --ramp, --duration must be at least ${rampSecondsMin} s.`);
  const mode = ramp ? 'ramp' : soak ? 'soak' : rate === undefined ? 'closed' : 'open';
  if (mode !== 'soak' && (duration ?? 0) > runSecondsMax)
    throw new UsageError(`--duration is at most ${runSecondsMax} s without --soak.`);
  return mode;
}

/** A name without a slash is a file in this user's settings folder. */
const reuseFileOf = (
  name: string | undefined,
  { configFolder }: Pick<RunContext<never, never>, 'configFolder'>,
) => (name === undefined || name.includes('/') ? name : join(configFolder, 'bench', name));

export default defineCommand({
  summary: 'Benchmark a server: measure its throughput and latency.',
  description: `home: reading home timelines. profile: reading accounts' posts. post: posting. search: searching posts. media: reading pictures (95 %) and uploading some (5 %). mixed: 60 % home, 30 % profile, 10 % post.

Without --rate, each connection sends its next request as soon as it gets a response, which measures the maximum throughput. With --rate, requests are sent at a constant rate, and latencies count from the time a request was due, which measures how long people wait. Creates accounts and deletes them afterwards, unless you keep them with --reuse. Run the server with TWITE_RATE_LIMITS=off.`,
  examples: [
    '<%= config.bin %> bench mixed',
    '<%= config.bin %> bench home --rate 500 --duration 30 --max-p99 50 --max-errors 0',
    '<%= config.bin %> bench mixed --ramp --max-p99 10 --reuse mine.json',
    '<%= config.bin %> bench mixed --rate 200 --json > before.json',
    '<%= config.bin %> bench mixed --rate 200 --compare before.json',
    '<%= config.bin %> bench mixed --soak --rate 100 --duration 3600 --metrics http://127.0.0.1:9464/metrics',
  ],
  operations: [
    'createAccount',
    'createPost',
    'createSession',
    'deleteMe',
    'followAccount',
    'getHomeTimeline',
    'getMe',
    'listAccountPosts',
    'searchPosts',
    'uploadMedia',
  ],
  args: {
    scenario: stringArg({
      description: 'The scenario to measure.',
      options: [...scenarioNames],
      required: true,
      ignoreStdin: true,
    }),
  },
  flags: {
    rate: integer({
      summary: 'The number of requests a second. With --ramp, the rate of the first step.',
      min: 1,
      max: 100_000,
    }),
    connections: integer({
      summary: 'The maximum number of concurrent requests. Default: the number of accounts, up to 256.',
      min: 1,
      max: 4_096,
    }),
    duration: integer({
      summary:
        'The duration in seconds; with --ramp, of each step. Default: 10, with --ramp 5, with --soak 600.',
      min: 1,
      max: soakSecondsMax,
    }),
    warmup: integer({
      summary: 'The seconds of warm-up at the same rate, which are not measured.',
      default: 3,
      min: 0,
      max: 300,
    }),
    timeout: integer({ summary: 'The timeout of a request in seconds.', default: 10, min: 1, max: 60 }),
    ramp: boolean({
      summary: 'Find the highest rate within --max-p99 (default: 50) and --max-errors (default: 0.1 %).',
      default: false,
    }),
    soak: boolean({
      summary: 'Run for a long time, and show how latency and memory change.',
      default: false,
    }),
    metrics: string({
      summary: 'The metrics URL of the server, to measure its memory.',
      helpValue: '<url>',
    }),
    'max-p99': integer({ summary: 'Fail if p99 exceeds this number of milliseconds.', min: 1, max: 60_000 }),
    'max-errors': integer({ summary: 'Fail if there are more errors than this.', min: 0 }),
    compare: string({
      summary: 'Fail if it is slower than an earlier run, which --json printed to this file.',
      helpValue: '<file>',
    }),
    tolerance: integer({
      summary: 'The tolerated difference from the earlier run, in percent.',
      default: 25,
      min: 1,
      max: 1_000,
    }),
    accounts: integer({ summary: 'The number of accounts to create.', default: 50, min: 2, max: 10_000 }),
    posts: integer({ summary: 'The number of posts of each account.', default: 10, min: 1, max: 1_000 }),
    graph: string({
      summary: 'An edge list: create an account for each node instead, like `demo load`.',
      helpValue: '<file>',
    }),
    reuse: string({
      summary:
        'Keep the accounts and save them in this file, or use the accounts in it. A name without / is a file in the settings folder.',
      helpValue: '<file>',
    }),
    'i-own-this-server': boolean({
      summary: 'Allow a server that is not on this machine.',
      default: false,
    }),
  },
  async run({ args, flags, url, say, note, json, configFolder }) {
    const mode = modeOf(flags);
    const [{ requireOwnServer }, { runBench }, { startLiveProgress }, { showReport }, { readGraph }] =
      await Promise.all([
        import('../bench/own-server.ts'),
        import('../bench/run-bench.ts'),
        import('../bench/live-progress.ts'),
        import('../bench/show-report.ts'),
        import('../demo/read-graph.ts'),
      ]);
    requireOwnServer(url, flags['i-own-this-server']);
    const interrupt = new AbortController();
    const stop = (): void => {
      interrupt.abort();
      process.exitCode = 130;
    };
    process.once('SIGINT', stop);
    try {
      const report = await runBench({
        url,
        scenario: args.scenario as ScenarioName,
        mode,
        rate: flags.rate ?? (mode === 'soak' ? defaultSoakRate : undefined),
        connections: flags.connections,
        seconds: flags.duration ?? defaultSeconds[mode],
        warmUpSeconds: flags.warmup,
        timeoutMs: flags.timeout * 1000,
        accounts: flags.accounts,
        postsPerAccount: flags.posts,
        graph: flags.graph === undefined ? undefined : await readGraph(flags.graph, 'bench_00000000_'),
        reuseFile: reuseFileOf(flags.reuse, { configFolder }),
        metricsUrl: flags.metrics,
        maxP99Ms: flags['max-p99'],
        maxErrors: flags['max-errors'],
        compareFile: flags.compare,
        tolerance: flags.tolerance / 100,
        progress: startLiveProgress(),
        signal: interrupt.signal,
      });
      say(showReport(report));
      if (json) for (const told of [...report.warnings, ...report.failures]) note(line`${told}`);
      // Not an error of the command: it did its work.
      if (report.failures.length > 0) process.exitCode = 1;
      return report;
    } finally {
      process.off('SIGINT', stop);
    }
  },
});
