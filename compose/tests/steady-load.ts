import { setTimeout as wait } from 'node:timers/promises';
import { createTwite } from '@twite/sdk';

type Method = 'GET' | 'PUT' | 'DELETE' | 'POST';

export interface Load {
  /** Answered so far. */
  readonly answered: number;
  /** One line for each request that failed. */
  readonly failures: readonly string[];
  /** Resolves when so many more were answered. */
  more(count: number): Promise<void>;
  /** Waits for what is under way. */
  stop(): Promise<{
    readonly answered: number;
    readonly perSecond: number;
    readonly failures: readonly string[];
  }>;
}

const hangMs = 30_000;

/**
 * Sends requests at a steady rate, whatever the answers take, as accounts that exist. Nothing is retried: an answer other
 * than 2xx is a failure.
 */
export async function startLoad(
  url: string,
  { perSecond, methods, name }: { perSecond: number; methods: readonly Method[]; name: string },
): Promise<Load> {
  const twite = createTwite({ baseUrl: url });
  const other = createTwite({ baseUrl: url });
  await twite.accounts.create({ handle: `${name}_a`, password: 'a long password of a' });
  const { account } = await other.accounts.create({ handle: `${name}_b`, password: 'a long password of b' });
  const { postId } = await other.posts.create({ text: 'To be liked' });
  const headers = { authorization: `Bearer ${twite.session?.accessToken}` };
  const json = { ...headers, 'content-type': 'application/json' };

  const kinds: readonly { method: Method; path: string; body?: () => string }[] = [
    { method: 'GET', path: '/v1/timelines/home' },
    { method: 'GET', path: `/v1/posts/${postId}` },
    { method: 'GET', path: `/v1/accounts/${account.accountId}` },
    { method: 'PUT', path: `/v1/posts/${postId}/like` },
    { method: 'GET', path: `/v1/accounts/${account.accountId}/posts` },
    { method: 'DELETE', path: `/v1/posts/${postId}/like` },
    { method: 'PUT', path: `/v1/accounts/${account.accountId}/follow` },
    { method: 'GET', path: '/v1/me' },
    { method: 'DELETE', path: `/v1/accounts/${account.accountId}/follow` },
    { method: 'POST', path: '/v1/posts', body: () => JSON.stringify({ text: `Post ${Math.random()}` }) },
  ].filter(({ method }) => methods.includes(method as Method)) as never;

  const failures: string[] = [];
  const underWay = new Set<Promise<void>>();
  const watchers = new Set<() => void>();
  let answered = 0;
  let sent = 0;
  let stopped = false;

  const send = async (): Promise<void> => {
    const kind = kinds[sent++ % kinds.length] as (typeof kinds)[number];
    const { method, path } = kind;
    const at = new Date().toISOString();
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        signal: AbortSignal.timeout(hangMs),
        headers: kind.body ? json : headers,
        ...(kind.body ? { body: kind.body() } : {}),
      });
      const text = await response.text();
      answered++;
      if (!response.ok) failures.push(`${at} ${method} ${path}: ${response.status} ${text.slice(0, 200)}`);
    } catch (error) {
      failures.push(`${at} ${method} ${path}: ${String((error as Error).cause ?? error)}`);
    }
    for (const watch of watchers) watch();
  };

  const startedAt = performance.now();
  const pump = (async () => {
    while (!stopped) {
      // As many as are due by now: timers come late on a busy machine.
      while (sent < ((performance.now() - startedAt) / 1000) * perSecond) {
        const request = send().finally(() => underWay.delete(request));
        underWay.add(request);
      }
      await wait(10);
    }
  })();

  return {
    get answered() {
      return answered;
    },
    failures,
    async more(count) {
      const goal = answered + failures.length + count;
      const { promise, resolve } = Promise.withResolvers<void>();
      const watch = () => {
        if (answered + failures.length >= goal) resolve();
      };
      watchers.add(watch);
      await promise;
      watchers.delete(watch);
    },
    async stop() {
      stopped = true;
      await pump;
      const seconds = (performance.now() - startedAt) / 1000;
      await Promise.all(underWay);
      return { answered, perSecond: answered / seconds, failures };
    },
  };
}
