import { Agent, get } from 'node:http';
import pMap from 'p-map';
import { cpuOfThreadsMs } from '../cpu.ts';
import { atMost, type Effort, type Figure, list, round } from '../figures.ts';
import { accountIdOf, postIdOf } from '../network/network.ts';
import type { Started } from '../processes.ts';
import { median } from '../statistics.ts';
import { subject, subjectPost, type Viewer, viewers } from './heavy-network.ts';

const account = `/v1/accounts/${accountIdOf(subject)}`;
const post = `/v1/posts/${postIdOf(subjectPost)}`;
const pages = {
  home: '/v1/timelines/home',
  public: '/v1/timelines/public',
  profile: account,
  'account posts': `${account}/posts`,
  followers: `${account}/followers`,
  following: `${account}/following`,
  'liked posts': `${account}/likes`,
  'likes of a post': `${post}/likes`,
  replies: `${post}/replies`,
  blocks: '/v1/blocks',
  'search posts': '/v1/search/posts?q=evening',
  'search accounts': '/v1/search/accounts?q=anna',
};

interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
}

const connections = 4;
const warmUpRequests = 200;
const requestsPerSecondOfEffort = 50;

/** Reads an address to the end, and returns the time that this took. */
function timeRead(agent: Agent, url: string, token: string, mayFail: boolean): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      if (answer.statusCode !== 200 && !mayFail) reject(new Error(`${url}: ${answer.statusCode}`));
      answer.resume().on('end', () => resolve(performance.now() - startedAt));
    }).on('error', reject);
  });
}

/**
 * The median time of a request, and the server's CPU time for one. `mayFail`: while caches are empty, a slow store may
 * refuse some reads.
 */
async function costOf(
  server: Started,
  path: string,
  token: string,
  amount: number,
  mayFail = false,
): Promise<Cost> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startMs = cpuOfThreadsMs(server.pid);
  const times = await pMap(
    Array(amount).keys(),
    () => timeRead(agent, `${server.url}${path}`, token, mayFail),
    {
      concurrency: connections,
    },
  );
  const cpuMs = cpuOfThreadsMs(server.pid) - startMs;
  agent.destroy();
  return { wallUs: median(times) * 1_000, cpuUs: (cpuMs * 1_000) / amount };
}

/** Answers are compared, not refused: other processes on the machine may keep the server waiting. */
export const heavyEnv = { TWITE_SHED_DELAY_MS: 'off' };

/** What each page costs accounts with much of something ÷ what it costs an ordinary account, in interleaved rounds. */
export async function heavyRatios(
  effort: Effort,
  server: Started,
  tokens: ReadonlyMap<number, string>,
): Promise<Figure[]> {
  const amount = requestsPerSecondOfEffort * effort.seconds;
  const tokenOf = (viewer: Viewer) => tokens.get(viewers[viewer]) ?? '';
  const names = Object.keys(viewers) as Viewer[];
  const figures: Figure[] = [];
  for (const [page, path] of Object.entries(pages)) {
    for (const viewer of names) await costOf(server, path, tokenOf(viewer), warmUpRequests, true);
    const costs = new Map(names.map((viewer) => [viewer, [] as Cost[]]));
    for (let index = 0; index < effort.rounds; index++)
      // Back and forth, so that none is always the first or the last.
      for (const viewer of index % 2 === 0 ? names : names.toReversed())
        costs.get(viewer)?.push(await costOf(server, path, tokenOf(viewer), amount));
    const ratiosOf = (viewer: Viewer, of: keyof Cost): number[] =>
      (costs.get(viewer) ?? []).map((cost, round) => cost[of] / (costs.get('ordinary')?.[round]?.[of] ?? 0));
    const medianOf = (viewer: Viewer, of: keyof Cost) =>
      round(median((costs.get(viewer) ?? []).map((cost) => cost[of])), 0);
    for (const viewer of names.filter((name) => name !== 'ordinary')) {
      const wall = ratiosOf(viewer, 'wallUs');
      const cpu = ratiosOf(viewer, 'cpuUs');
      const detail = [
        `wall ${medianOf(viewer, 'wallUs')} against ${medianOf('ordinary', 'wallUs')} µs (${list(wall)})`,
        `CPU ${medianOf(viewer, 'cpuUs')} against ${medianOf('ordinary', 'cpuUs')} µs (${list(cpu)})`,
      ].join('; ');
      const ratio = Math.max(median(wall), median(cpu));
      figures.push(atMost(`${page}: many ${viewer} ÷ ordinary`, ratio, '×', 2, detail));
    }
  }
  return figures;
}
