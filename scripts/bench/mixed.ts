import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { BenchRequest } from '../../packages/cli/src/bench/connection.ts';
import { type BenchAccounts, prepareAccounts } from '../../packages/cli/src/bench/prepare-accounts.ts';
import { findHighestRate } from '../../packages/cli/src/bench/ramp.ts';
import { type LoadResult, runLoad } from '../../packages/cli/src/bench/run-load.ts';
import { requestsOf, scenarios } from '../../packages/cli/src/bench/scenarios.ts';
import { type Effort, type Figure, round, told } from './figures.ts';
import { startBare, temporaryFolder } from './processes.ts';

/** A system under load. */
export interface MixedTarget {
  readonly name: string;
  readonly url: string;
  /** Starts to count the CPU of the system; the answer stops, and tells milliseconds by part. */
  readonly watchCpu: () => () => Readonly<Record<string, number>>;
}

const accounts = 100;
const postsPerAccount = 20;
const connections = 64;
const p99Goals = [10, 50];
const warmUpSeconds = 1;

type Run = (rate: number) => Promise<LoadResult>;

const runner =
  (url: string, next: () => BenchRequest, seconds: number): Run =>
  async (rate) => {
    await runLoad({ url, next, pace: { rate, connections }, seconds: warmUpSeconds });
    return runLoad({ url, next, pace: { rate, connections }, seconds });
  };

const rampOf = (run: Run, maxP99Ms: number, from: number) =>
  findHighestRate({
    run,
    goal: { maxP99Ms, maxErrorShare: 0.001 },
    from,
    to: 60_000,
    onStep: ({ rate, holds, p99Ms }) =>
      console.error(`  ${rate}/s: p99 ${p99Ms} ms${holds ? ', holds' : ''}`),
  });

/** What a home timeline weighs: a bare server sends the same bytes. */
async function homeBytes(url: string, { people }: BenchAccounts): Promise<string> {
  const headers = { authorization: `Bearer ${people[0]?.token() ?? ''}` };
  const answer = await fetch(`${url}/v1/timelines/home?limit=20`, { headers });
  return answer.text();
}

/**
 * The highest rates of DeathStarBench's mix that hold a p99, beside those of a bare node:http server that sends a home
 * timeline's bytes, in turns. A core is a second of CPU a second, of all parts of the system.
 */
export async function mixedRates(effort: Effort, target: MixedTarget): Promise<Figure[]> {
  const { name, url, watchCpu } = target;
  const prepared = await prepareAccounts({ url, accounts, postsPerAccount, pictures: false });
  try {
    using folder = temporaryFolder();
    const file = join(folder.path, 'home.json');
    writeFileSync(file, await homeBytes(url, prepared));
    await using bare = await startBare(file);
    const seconds = effort.seconds;
    const ours = runner(url, requestsOf(scenarios.mixed, prepared), seconds);
    const theirs = runner(
      bare.url,
      () => ({ operation: 'bare', method: 'GET', path: '/', headers: {} }),
      seconds,
    );
    const figures: Figure[] = [];
    for (const maxP99Ms of p99Goals) {
      const load = loadavg()[0] ?? 0;
      console.error(`  bare node:http, p99 ≤ ${maxP99Ms} ms`);
      const floor = await rampOf(theirs, maxP99Ms, 2_000);
      console.error(`  ${name}, p99 ≤ ${maxP99Ms} ms`);
      const found = await rampOf(ours, maxP99Ms, 50);
      // Once more at that rate, for what it costs.
      const stop = watchCpu();
      const since = performance.now();
      const again =
        found.rate === 0
          ? undefined
          : await runLoad({
              url,
              next: requestsOf(scenarios.mixed, prepared),
              pace: { rate: found.rate, connections },
              seconds: seconds * 2,
            });
      const parts = stop();
      const elapsed = performance.now() - since;
      const cpuMs = Object.values(parts).reduce((sum, ms) => sum + ms, 0);
      const cores = cpuMs / elapsed;
      const cost = Object.entries(parts)
        .map(([part, ms]) => `${part} ${round(ms / (again?.requests ?? 1), 2)}`)
        .join(', ');
      figures.push(
        told(
          `${name}: mixed requests/s per core at p99 ≤ ${maxP99Ms} ms`,
          cores === 0 ? 0 : found.rate / cores,
          '/s',
          `${found.rate}/s on ${round(cores)} cores; CPU ms a request: ${cost}; bare node:http ${floor.rate}/s on one core; ${round(found.rate / Math.max(floor.rate, 1), 3)} × of it; load of the machine before ${round(load, 1)}`,
          0,
        ),
      );
    }
    return figures;
  } finally {
    await prepared.remove();
    await prepared[Symbol.asyncDispose]();
  }
}
