import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import type { BenchRequest } from '../../packages/cli/src/bench/connection.ts';
import { type BenchAccounts, prepareAccounts } from '../../packages/cli/src/bench/prepare-accounts.ts';
import { findHighestRate } from '../../packages/cli/src/bench/ramp.ts';
import { type LoadResult, type Pace, runLoad } from '../../packages/cli/src/bench/run-load.ts';
import { requestsOf, scenarios } from '../../packages/cli/src/bench/scenarios.ts';
import { watchCpu } from './cpu.ts';
import { type Effort, type Figure, round, told } from './figures.ts';
import { startBare, temporaryFolder } from './processes.ts';

/** Starts to count CPU time; the returned function stops and returns milliseconds by part. */
type WatchCpu = () => () => Readonly<Record<string, number>>;

/** A system under load. */
export interface MixedTarget {
  readonly name: string;
  readonly url: string;
  readonly watchCpu: WatchCpu;
}

interface Subject {
  readonly name: string;
  readonly watchCpu: WatchCpu;
  readonly run: (pace: Pace, seconds: number) => Promise<LoadResult>;
}

interface Size {
  readonly accounts: number;
  readonly postsPerAccount: number;
  /** The precision of the search for the highest rate. */
  readonly precision: number;
}

/** With so little effort it only shows that it runs. */
const sizeFor = ({ rounds }: Effort): Size =>
  rounds === 1
    ? { accounts: 5, postsPerAccount: 2, precision: 1 }
    : { accounts: 100, postsPerAccount: 10, precision: 0.05 };

/** Above this, other processes wait for the cores too, and the p99 is theirs. */
const loadMaxPerCore = 2;
const connections = 64;
const p99GoalsMs = [10, 50];
const warmUpSeconds = 1;
/** The best turn counts: other processes on the machine only make turns worse. */
const tries = 4;
/** A p99 needs some hundreds of requests. */
const leastRate = 50;

const subject = (name: string, url: string, next: () => BenchRequest, watch: WatchCpu): Subject => ({
  name,
  watchCpu: watch,
  run: (pace, seconds) => runLoad({ url, next, pace, seconds }),
});

interface Cost {
  /** 2xx answers per second. */
  readonly rate: number;
  /** The number of busy cores. */
  readonly cores: number;
  /** CPU milliseconds per request, by part. */
  readonly parts: string;
}

/** The cost of a run, after a warm-up. */
async function costOf({ run, watchCpu: watch }: Subject, pace: Pace, seconds: number): Promise<Cost> {
  await run(pace, warmUpSeconds);
  const since = performance.now();
  const stop = watch();
  const { rate, requests } = await run(pace, seconds);
  const cpu = Object.entries(stop());
  const elapsed = performance.now() - since;
  return {
    rate,
    cores: cpu.reduce((sum, [, ms]) => sum + ms, 0) / elapsed,
    parts: cpu.map(([part, ms]) => `${part} ${round(ms / Math.max(requests, 1), 3)}`).join(', '),
  };
}

const perCore = ({ rate, cores }: Cost): number => (cores === 0 ? 0 : rate / cores);

interface Search {
  readonly maxP99Ms: number;
  readonly seconds: number;
  readonly precision: number;
}

async function rampOf(
  { name, run }: Subject,
  { maxP99Ms, seconds, precision }: Search,
  from: number,
): Promise<number> {
  console.error(`  ${name}, p99 ≤ ${maxP99Ms} ms`);
  const { rate } = await findHighestRate({
    run: async (at) => {
      await run({ rate: at, connections }, warmUpSeconds);
      return run({ rate: at, connections }, seconds);
    },
    goal: { maxP99Ms, maxErrorShare: 0.001 },
    from,
    to: 60_000,
    precision,
    least: precision === 1 ? 1 : leastRate,
    tries: precision === 1 ? 1 : tries,
    onStep: (step) => console.error(`    ${step.rate}/s: p99 ${step.p99Ms} ms${step.holds ? ', holds' : ''}`),
  });
  return rate;
}

const machineLoad = (): string => `load of the machine before: ${round(loadavg()[0] ?? 0, 1)}`;

/** As fast as the connections allow: the yield of a second of CPU time. Meaningful on a busy machine too. */
async function throughput(ours: Subject, bare: Subject, seconds: number): Promise<Figure> {
  const before = machineLoad();
  const floor = await costOf(bare, { connections }, seconds);
  const cost = await costOf(ours, { connections }, seconds);
  return told(
    `${ours.name}: mixed requests per second of CPU`,
    perCore(cost),
    '/s',
    `${round(cost.rate, 0)}/s over ${connections} connections, on ${round(cost.cores)} cores; CPU ms a request: ${cost.parts}; bare node:http ${round(perCore(floor), 0)}/s (${floor.parts}): ${round(perCore(cost) / perCore(floor), 3)} ×; ${before}`,
    0,
  );
}

async function atGoal(ours: Subject, bare: Subject, search: Search): Promise<Figure> {
  const { maxP99Ms, seconds } = search;
  const before = machineLoad();
  const floor = await rampOf(bare, search, 2_000);
  const found = await rampOf(ours, search, 400);
  const cost =
    found === 0
      ? { rate: 0, cores: 0, parts: 'none' }
      : await costOf(ours, { rate: found, connections }, seconds * 2);
  return told(
    `${ours.name}: mixed requests/s per core at p99 ≤ ${maxP99Ms} ms`,
    perCore(cost),
    '/s',
    `${found}/s on ${round(cost.cores)} cores; CPU ms a request: ${cost.parts}; bare node:http ${floor}/s on one core: ${round(found / Math.max(floor, 1), 3)} ×; ${before}`,
    0,
  );
}

/** The first page of a home timeline: a bare server sends the same bytes. */
async function homeBytes(url: string, { people }: BenchAccounts): Promise<string> {
  const headers = { authorization: `Bearer ${people[0]?.token() ?? ''}` };
  const answer = await fetch(`${url}/v1/timelines/home?limit=20`, { headers });
  return answer.text();
}

/**
 * The yield of one core for DeathStarBench's mix, next to a bare node:http server that sends the bytes of a home
 * timeline: at full speed, and at the highest rates that hold a p99. A core is a second of CPU time per second, of all
 * parts of the system.
 */
export async function mixedRates(effort: Effort, target: MixedTarget): Promise<Figure[]> {
  const { name, url } = target;
  const { seconds } = effort;
  const { accounts, postsPerAccount, precision } = sizeFor(effort);
  const load = loadavg()[0] ?? 0;
  const busyWith =
    effort.rounds > 1 && load > loadMaxPerCore * availableParallelism() ? round(load, 1) : undefined;
  const prepared = await prepareAccounts({ url, accounts, postsPerAccount, pictures: false });
  try {
    using folder = temporaryFolder();
    const file = join(folder.path, 'home.json');
    writeFileSync(file, await homeBytes(url, prepared));
    await using process = await startBare(file);
    const ours = subject(name, url, requestsOf(scenarios.mixed, prepared), target.watchCpu);
    const read: BenchRequest = { operation: 'bare', method: 'GET', path: '/', headers: {} };
    const bare = subject(
      'bare node:http',
      process.url,
      () => read,
      () => watchCpu({ server: process.pid }),
    );
    const figures = [await throughput(ours, bare, seconds * 2)];
    if (busyWith !== undefined) {
      console.error(
        `  rates at a p99 are left out: the machine is busy (load ${busyWith}), and a bare server holds none`,
      );
      return figures;
    }
    for (const maxP99Ms of p99GoalsMs)
      figures.push(await atGoal(ours, bare, { maxP99Ms, seconds, precision }));
    return figures;
  } finally {
    await prepared.remove();
    await prepared[Symbol.asyncDispose]();
  }
}
