import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inSpan } from '@twite/core/tracer';
import autocannon from 'autocannon';
import { cpuOfThreadsMs } from './cpu.ts';
import { atMost, type Effort, type Figure, list, round, told } from './figures.ts';
import { signIn, tokenOf } from './measures.ts';
import { startTwite, type TwiteServer, temporaryFolder } from './processes.ts';
import { median } from './statistics.ts';

/** A build of the commit before traces: if it is set, the seam itself is measured against it. */
const before = process.env.TWITE_BENCH_BEFORE;

/** A collector that accepts everything and stores nothing. */
async function startCollector(): Promise<AsyncDisposable & { readonly endpoint: string; count(): number }> {
  let requests = 0;
  const server = createServer((req, res) => {
    requests += 1;
    req.resume().on('end', () => res.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Variant {
  readonly server: TwiteServer;
  readonly token: string;
}

interface Request {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly eachSecond: number;
}

const requests = {
  'home read': { path: '/v1/timelines/home', method: 'GET', eachSecond: 1_000 },
  post: {
    path: '/v1/posts',
    method: 'POST',
    body: JSON.stringify({ text: 'Good evening, #Paris' }),
    eachSecond: 250,
  },
} as const satisfies Record<string, Request>;

/** CPU time of the server per request, in microseconds: the figure that other processes affect least. */
async function cpuUsOf({ server, token }: Variant, request: Request, effort: Effort): Promise<number> {
  const { path, eachSecond, ...rest } = request;
  const startMs = cpuOfThreadsMs(server.pid);
  const result = await autocannon({
    ...rest,
    url: `${server.url}${path}`,
    // A number of requests instead of a time: on a busy machine, few requests mean little.
    amount: (eachSecond * effort.seconds) / turnsEach,
    connections: 16,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  if (result.errors > 0 || result.non2xx > 0)
    throw new Error(`${path}: ${result.errors} errors, ${result.non2xx} answers that are not 2xx`);
  return ((cpuOfThreadsMs(server.pid) - startMs) / result.requests.total) * 1_000;
}

/** Short turns, of which the best counts: other processes make all but the best worse. */
const turnsEach = 4;
/** Turns until the code is fully optimized. */
const warmUps = 8;
const callsTimed = 5_000_000;

/** The additional nanoseconds of a call for a span that is not recorded. */
function seamNs(): number {
  const span = { name: 'find posts', kind: 'client' } as const;
  const call = () => 1;
  const timed = (run: () => number): number => {
    let sum = 0;
    const startMs = performance.now();
    for (let index = 0; index < callsTimed; index += 1) sum += run();
    if (sum !== callsTimed) throw new Error('not every call was made');
    return ((performance.now() - startMs) / callsTimed) * 1e6;
  };
  const within = () => inSpan(span, call);
  const rounds = Array.from({ length: 9 }, () => timed(within) - timed(call));
  return Math.max(0, median(rounds));
}

/**
 * The cost of traces for a home read and a post on the embedded engine: CPU time of the server with an endpoint ÷
 * without, and without ÷ the commit before, in turns.
 */
export async function tracesCost(effort: Effort): Promise<Figure[]> {
  await using collector = await startCollector();
  await using opened = new AsyncDisposableStack();
  const start = async (name: string, env: Record<string, string>, root?: string): Promise<Variant> => {
    const folder = opened.use(temporaryFolder());
    const options = { pin: true, env, ...(root === undefined ? {} : { root }) };
    const server = opened.use(await startTwite(join(folder.path, name), options));
    return { server, token: tokenOf(await signIn(server, 'Valjean')) };
  };
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
  const variants: Record<string, Variant> = {
    off: await start('off', {}),
    sampled: await start('sampled', {
      ...endpoint,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.01',
    }),
    on: await start('on', endpoint),
    ...(before === undefined ? {} : { before: await start('before', {}, before) }),
  };
  const figures: Figure[] = [
    told('a span without a tracer', seamNs(), 'ns', `above the call itself; ${callsTimed} calls`, 1),
  ];
  for (const [name, request] of Object.entries(requests)) {
    const measured: Record<string, number[]> = {};
    for (let index = -warmUps; index < effort.rounds * turnsEach; index += 1) {
      // Back and forth, so that none is always the first or the last.
      const turn = Object.entries(variants);
      for (const [variant, started] of index % 2 === 0 ? turn : turn.reverse()) {
        const cpuUs = await cpuUsOf(started, request, effort);
        if (index >= 0) measured[variant] = [...(measured[variant] ?? []), cpuUs];
      }
    }
    const ratio = (of: string, to: string) => {
      const [ofUs, toUs] = [of, to].map((variant) => Math.min(...(measured[variant] ?? [])));
      const rounds = [of, to].map((variant) => `${variant} ${list(measured[variant] ?? [], 0)}`);
      return {
        value: (ofUs ?? Number.NaN) / (toUs ?? Number.NaN),
        detail: `CPU ${round(ofUs ?? 0, 1)} against ${round(toUs ?? 0, 1)} µs; turns: ${rounds.join(', ')}`,
      };
    };
    if (before !== undefined) {
      const { value, detail } = ratio('off', 'before');
      figures.push(atMost(`${name}: no endpoint ÷ the commit before`, value, '×', 1.03, detail));
    }
    for (const [variant, what] of [
      ['sampled', '1 % of traces'],
      ['on', 'every trace'],
    ] as const) {
      const { value, detail } = ratio(variant, 'off');
      figures.push(told(`${name}: ${what} ÷ no endpoint`, value, '×', detail));
    }
  }
  figures.push(told('batches of spans that the collector got', collector.count(), '', 'all servers', 0));
  return figures;
}
