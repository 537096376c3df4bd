import autocannon from 'autocannon';

export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Load {
  readonly url: string;
  readonly token?: string;
  readonly seconds: number;
  readonly connections: number;
  /** Requests per second over all connections; unlimited when undefined. */
  readonly rate?: number;
}

/** Reads one address under load. Any answer but 200 is an error of the benchmark. */
export async function readUnderLoad({ url, token, seconds, connections, rate }: Load): Promise<LoadResult> {
  const result = await autocannon({
    url,
    duration: seconds,
    connections,
    ...(rate === undefined ? {} : { overallRate: rate }),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(`${url}: ${result.errors} errors, ${result.non2xx} answers that are not 2xx`);
  }
  return {
    requests: result.requests.total,
    requestsPerSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

/** Repeats an action at a steady rate until stopped; a late turn is not made up for. */
export function repeatAtRate(perSecond: number, act: () => Promise<unknown>): { stop(): Promise<number> } {
  const running = new Set<Promise<unknown>>();
  let done = 0;
  let failure: unknown;
  const started = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond);
    for (; done < due; done++) {
      const turn = act().catch((error: unknown) => {
        failure = error;
      });
      running.add(turn);
      turn.finally(() => running.delete(turn));
    }
  }, 2);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
      if (failure) throw failure;
      return done;
    },
  };
}
