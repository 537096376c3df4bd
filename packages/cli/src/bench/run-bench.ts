import type { Graph } from '../demo/parse-edge-list.ts';
import { CommandError } from '../usage-error.ts';
import { checkComparable, compare, readReport } from './compare.ts';
import { failuresOf, warningsOf } from './judge.ts';
import type { LiveProgress } from './live-progress.ts';
import { type BenchAccounts, prepareAccounts } from './prepare-accounts.ts';
import { findHighestRate, type RampGoal, type RampResult } from './ramp.ts';
import { type BenchMode, type BenchReport, client, errorsOf } from './report.ts';
import { type LoadResult, type Pace, runLoad } from './run-load.ts';
import { needsPictures, requestsOf, type ScenarioName, scenarios } from './scenarios.ts';
import { watchMemory } from './server-memory.ts';
import { type Drift, driftOf } from './soak.ts';

export interface BenchOptions {
  readonly url: string;
  readonly scenario: ScenarioName;
  readonly mode: BenchMode;
  /** Open loops only; for a ramp, the first rate. */
  readonly rate: number | undefined;
  /** Undefined: one per account, up to a limit. */
  readonly connections: number | undefined;
  /** The duration of a run, or of each step of a ramp. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly timeoutMs: number;
  readonly accounts: number;
  readonly postsPerAccount: number;
  readonly graph: Graph | undefined;
  readonly reuseFile: string | undefined;
  readonly metricsUrl: string | undefined;
  readonly maxP99Ms: number | undefined;
  readonly maxErrors: number | undefined;
  readonly compareFile: string | undefined;
  readonly tolerance: number;
  readonly progress: LiveProgress;
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

const connectionsMax = 256;
const rampFrom = 50;
const rampTo = 50_000;
const rampGoalP99Ms = 50;
const rampErrorShare = 0.001;
const rampWarmUpSeconds = 1;

/** Runs at a pace, after a warm-up that does not count. */
type Run = (pace: Pace, warmUpSeconds: number) => Promise<LoadResult>;

/** Sends at a low rate for up to ten seconds, until answers are as fast as the goal requires. */
async function recover(run: (rate: number) => Promise<LoadResult>, goal: RampGoal): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    const { latencyMs, ok, requests } = await run(10);
    if (ok === requests && latencyMs && latencyMs.p99 <= goal.maxP99Ms) return;
  }
}

async function ramp(
  options: BenchOptions,
  run: Run,
  connections: number,
): Promise<RampResult & { goal: RampGoal }> {
  const { maxP99Ms = rampGoalP99Ms, maxErrors, progress, signal, rate } = options;
  const goal = { maxP99Ms, maxErrorShare: rampErrorShare, ...(maxErrors === undefined ? {} : { maxErrors }) };
  const found = await findHighestRate({
    run: (at) => run({ rate: at, connections }, rampWarmUpSeconds),
    goal,
    from: rate ?? rampFrom,
    to: rampTo,
    recover: () => recover((at) => run({ rate: at, connections }, 0), goal),
    onStep: (step) =>
      progress.phase(
        `${step.rate}/s ${step.holds ? 'within limits' : 'over limits'}: p99 ${step.p99Ms ?? '–'} ms, ${step.errors} errors`,
      ),
    signal,
  });
  return { ...found, goal };
}

async function prepare(options: BenchOptions): Promise<BenchAccounts> {
  const { progress, signal, url, accounts, postsPerAccount, graph, reuseFile } = options;
  let tenth = -1;
  return prepareAccounts({
    url,
    accounts,
    postsPerAccount,
    graph,
    reuseFile,
    pictures: needsPictures(scenarios[options.scenario]),
    progress(done, total) {
      if (signal.aborted)
        throw new CommandError('interrupted', 'Interrupted. The accounts were deleted again.');
      const now = Math.floor((done / total) * 10);
      if (now !== tenth) progress.phase(`preparing accounts, follows and posts: ${now * 10} %`);
      tenth = now;
    },
  });
}

interface Measured {
  readonly result: LoadResult | undefined;
  readonly ramp: (RampResult & { readonly goal: RampGoal }) | undefined;
  readonly drift: Drift | undefined;
}

async function measure(options: BenchOptions, data: BenchAccounts): Promise<Measured> {
  const { url, seconds, timeoutMs, progress, signal, metricsUrl, warmUpSeconds, mode } = options;
  const next = requestsOf(scenarios[options.scenario], data);
  const connections = options.connections ?? Math.min(data.people.length, connectionsMax);
  const run: Run = async (pace, warmUp) => {
    const named = pace.rate === undefined ? `${pace.connections} connections` : `${pace.rate}/s`;
    if (warmUp > 0) {
      progress.phase(`warming up: ${named}`);
      await runLoad({ url, next, pace, seconds: warmUp, timeoutMs, signal });
    }
    progress.phase(named);
    return runLoad({ url, next, pace, seconds, timeoutMs, signal, onSecond: progress.second });
  };
  if (mode === 'ramp') {
    const found = await ramp(options, run, connections);
    return { ramp: found, result: found.result, drift: undefined };
  }
  const pace: Pace = { rate: options.rate, connections };
  if (mode !== 'soak') return { result: await run(pace, warmUpSeconds), ramp: undefined, drift: undefined };
  const memory = metricsUrl === undefined ? undefined : await watchMemory(metricsUrl, seconds);
  try {
    const result = await run(pace, warmUpSeconds);
    return { result, ramp: undefined, drift: driftOf(result.perSecond, memory?.stop() ?? []) };
  } finally {
    memory?.stop();
  }
}

/** Prepares accounts, measures, cleans up, and returns the report. */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const { url, scenario, mode, compareFile, tolerance, maxP99Ms, maxErrors, progress } = options;
  const before = compareFile === undefined ? undefined : await readReport(compareFile);
  if (before) checkComparable(before, { scenario, mode, rate: options.rate ?? null });
  const on = client();
  await using accounts = await prepare(options);
  let measured: Measured;
  try {
    measured = await measure(options, accounts);
  } finally {
    if (options.reuseFile === undefined) {
      progress.phase('deleting the accounts');
      await accounts.remove();
    }
    progress.stop();
  }
  const result = measured.result ?? null;
  const now = { scenario, mode, result, at: new Date().toISOString() };
  const comparison =
    before && compareFile !== undefined ? compare(before, now, compareFile, tolerance) : null;
  // The limits of a ramp are in its goal.
  const failures =
    mode === 'ramp'
      ? result
        ? []
        : ['No rate was within the limits for p99 and errors.']
      : result
        ? failuresOf(result, { maxP99Ms, maxErrors })
        : [];
  const { people, follows, posts, reused } = accounts;
  return {
    format: 1,
    ...now,
    url,
    client: on,
    data: { accounts: people.length, follows, posts, reused },
    errors: errorsOf(result),
    rateLimited: result?.statuses[429] ?? 0,
    ramp: measured.ramp
      ? { goal: measured.ramp.goal, rate: measured.ramp.rate, steps: measured.ramp.steps }
      : null,
    soak: measured.drift ?? null,
    comparison,
    warnings: result ? warningsOf(result, scenarios[scenario], on) : [],
    failures: [...failures, ...(comparison?.worse ?? [])],
  };
}
