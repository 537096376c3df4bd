import { once } from 'node:events';
import { createServer } from 'node:net';
import type { BenchRequest } from '../../packages/cli/src/bench/connection.ts';
import { type BenchAccounts, prepareAccounts } from '../../packages/cli/src/bench/prepare-accounts.ts';
import { type LoadResult, runLoad } from '../../packages/cli/src/bench/run-load.ts';
import { cpuMs } from '../bench/cpu.ts';
import { startTwite, type TwiteServer, temporaryFolder } from '../bench/processes.ts';
import { effort } from './effort.ts';

/** A server in its own process, on one core if there are more, with accounts that have posted. */
export interface UnderLoad extends AsyncDisposable {
  readonly server: TwiteServer;
  readonly metricsUrl: string;
  readonly accounts: BenchAccounts;
  /** Sends requests at a rate, or as fast as answers arrive. */
  load(next: () => BenchRequest, seconds: number, rate?: number): Promise<Loaded>;
}

export interface Loaded extends LoadResult {
  /**
   * 2xx answers per second of the server's CPU time. Unlike the rate, it hardly depends on other load of the machine.
   */
  readonly okPerCpuSecond: number;
}

const closedConnections = 32;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startUnderLoad(): Promise<UnderLoad> {
  await using starting = new AsyncDisposableStack();
  const folder = starting.use(temporaryFolder());
  const metricsPort = String(await freePort());
  const server = starting.use(
    await startTwite(folder.path, {
      pin: true,
      demo: false,
      env: { TWITE_METRICS_PORT: metricsPort, TWITE_HASH_QUEUE: '1000' },
    }),
  );
  const accounts = starting.use(
    await prepareAccounts({
      url: server.url,
      accounts: effort.accounts,
      postsPerAccount: 10,
      pictures: false,
    }),
  );
  const resources = starting.move();
  return {
    server,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
    accounts,
    async load(next, seconds, rate) {
      const before = cpuMs(server.pid);
      const connections = rate === undefined ? closedConnections : effort.connections;
      const result = await runLoad({ url: server.url, next, seconds, pace: { rate, connections } });
      return { ...result, okPerCpuSecond: (result.ok / (cpuMs(server.pid) - before)) * 1000 };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** The highest rate that was held, as far as the search went, and the answers at it. */
export interface Knee {
  readonly rate: number;
  /** 2xx answers per second. */
  readonly goodput: number;
  readonly p99Ms: number;
  /** At full speed. */
  readonly okPerCpuSecond: number;
}

const p99MaxMs = 100;
const refusedMax = 0.01;

/**
 * Goes down from the server's rate at full speed until a rate is held: p99 within 100 ms and at most one percent
 * rejected. On a machine that is too noisy for that, the lowest rate is used as it is.
 */
export async function findKnee({ load }: UnderLoad, next: () => BenchRequest): Promise<Knee> {
  await load(next, effort.stepSeconds);
  const { rate: most, okPerCpuSecond } = await load(next, effort.stepSeconds);
  let knee: Knee = { rate: 0, goodput: 0, p99Ms: 0, okPerCpuSecond };
  for (const share of effort.kneeShares) {
    const rate = Math.max(1, Math.round(most * share));
    const result = await load(next, effort.stepSeconds, rate);
    const p99Ms = result.latencyMs?.p99 ?? Number.POSITIVE_INFINITY;
    knee = { rate, goodput: result.rate, p99Ms, okPerCpuSecond };
    if (p99Ms <= p99MaxMs && result.ok >= result.requests * (1 - refusedMax)) break;
  }
  return knee;
}
