import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { cpuOfThreadsMs } from '../cpu.ts';
import { atLeast, type Effort, type Figure, list, round } from '../figures.ts';
import { slicesOf } from '../network/network.ts';
import { type Started, startBare, temporaryFolder } from '../processes.ts';
import { median } from '../statistics.ts';

const home = '/v1/timelines/home';
/** Enough that the server always has a request while it waits for a store, and few enough that none waits long. */
const connections = 64;

const unreached = '1000000000/60';
/** Rate limits are on, and nobody reaches them. */
export const homeEnv = {
  TWITE_RATE_LIMITS: 'on',
  TWITE_RATE_LIMIT_READ_ACCOUNT: unreached,
  TWITE_RATE_LIMIT_READ_ADDRESS: unreached,
  TWITE_SHED_DELAY_MS: 'off',
};

interface Rate {
  readonly perSecond: number;
  readonly cpuUs: number;
}

type Until = { readonly duration: number } | { readonly amount: number };

/**
 * Reads the homes of all readers in turn. Each connection has readers of its own. `mayFail`: while timelines are
 * rebuilt, a slow store may refuse some reads.
 */
async function readHomes(
  server: Started,
  tokens: readonly string[],
  until: Until,
  mayFail = false,
): Promise<Rate> {
  const readers = [...slicesOf(tokens, Math.ceil(tokens.length / connections))];
  let client = 0;
  const startMs = cpuOfThreadsMs(server.pid);
  const { errors, timeouts, non2xx, requests } = await autocannon({
    url: server.url,
    connections,
    // Other processes may hold up this one or the server for seconds.
    timeout: 60,
    ...until,
    setupClient(each) {
      const its = readers[client % readers.length] ?? [];
      client += 1;
      each.setRequests(
        its.map((token) => ({
          method: 'GET' as const,
          path: home,
          headers: { authorization: `Bearer ${token}` },
        })),
      );
    },
  });
  if (!mayFail && (errors > 0 || non2xx > 0))
    throw new Error(
      `${server.url}: ${errors} errors, ${timeouts} timeouts, ${non2xx} answers that are not 2xx`,
    );
  return {
    perSecond: requests.average,
    cpuUs: ((cpuOfThreadsMs(server.pid) - startMs) * 1_000) / requests.total,
  };
}

/**
 * Home reads of many readers, with rate limits, ÷ a bare node:http server that sends the same bytes to the same
 * requests, on the same core, in interleaved rounds.
 */
export async function homeReadRatio(
  effort: Effort,
  server: Started,
  tokens: readonly string[],
  target: number,
): Promise<Figure[]> {
  const answer = await fetch(`${server.url}${home}`, { headers: { authorization: `Bearer ${tokens[0]}` } });
  const bytes = await answer.text();
  using folder = temporaryFolder();
  const file = join(folder.path, 'home.json');
  writeFileSync(file, bytes);
  await using bare = await startBare(file);
  await readHomes(bare, tokens, { amount: 2 * tokens.length });
  // The first reads rebuild the timelines.
  await readHomes(server, tokens, { amount: 2 * tokens.length }, true);
  await readHomes(server, tokens, { amount: 2 * tokens.length });
  const ours: Rate[] = [];
  const theirs: Rate[] = [];
  for (let index = 0; index < effort.rounds; index++) {
    theirs.push(await readHomes(bare, tokens, { duration: effort.seconds }));
    ours.push(await readHomes(server, tokens, { duration: effort.seconds }));
  }
  const medianOf = (rates: readonly Rate[], of: keyof Rate) => median(rates.map((rate) => rate[of]));
  const ratios = ours.map(({ perSecond }, index) => perSecond / (theirs[index]?.perSecond ?? Number.NaN));
  const cpuRatios = ours.map(({ cpuUs }, index) => (theirs[index]?.cpuUs ?? Number.NaN) / cpuUs);
  const size = `${tokens.length} readers, rate limits on, ${bytes.length} bytes, ${connections} connections`;
  const cpu = `CPU ${round(medianOf(theirs, 'cpuUs'), 1)} against ${round(medianOf(ours, 'cpuUs'), 1)} µs`;
  const rates = `${round(medianOf(ours, 'perSecond'), 0)}/s against ${round(medianOf(theirs, 'perSecond'), 0)}/s`;
  return [
    atLeast(
      'home read ÷ bare node:http',
      median(ratios),
      '×',
      target,
      `${size}; rounds ${list(ratios)}; ${rates}`,
    ),
    atLeast(
      'home read ÷ bare node:http, by CPU',
      median(cpuRatios),
      '×',
      target,
      `rounds ${list(cpuRatios)}; ${cpu}`,
    ),
  ];
}
