import { setTimeout as wait } from 'node:timers/promises';
import { createTwite } from '@twite/sdk';

type Method = 'GET' | 'PUT' | 'DELETE' | 'POST';

export interface Load {
  /** The number of answers so far. */
  readonly answered: number;
  /** One line for each failed request. */
  readonly failures: readonly string[];
  /** Resolves when this many more requests were answered. */
  more(count: number): Promise<void>;
  /** Waits for the requests in progress. */
  stop(): Promise<{
    readonly answered: number;
    readonly perSecond: number;
    readonly failures: readonly string[];
  }>;
}

const hangMs = 30_000;
const actorCount = 12;
/** When a machine cannot keep up, fewer requests per second are sent: an endless queue would only measure itself. */
const underWayMax = 12;

interface Kind {
  readonly method: Method;
  /** For another account and its post. */
  readonly path: (accountId: string, postId: string) => string;
  readonly body?: () => string;
}

const reads: readonly Kind[] = [
  { method: 'GET', path: () => '/v1/timelines/home' },
  { method: 'GET', path: (_, postId) => `/v1/posts/${postId}` },
  { method: 'GET', path: (accountId) => `/v1/accounts/${accountId}` },
  { method: 'GET', path: (accountId) => `/v1/accounts/${accountId}/posts` },
  { method: 'GET', path: () => '/v1/me' },
];

/** Three reads per write, as on a quiet evening. */
const mix: readonly Kind[] = [
  ...reads,
  { method: 'PUT', path: (_, postId) => `/v1/posts/${postId}/like` },
  ...reads,
  { method: 'DELETE', path: (_, postId) => `/v1/posts/${postId}/like` },
  { method: 'PUT', path: (accountId) => `/v1/accounts/${accountId}/follow` },
  ...reads,
  { method: 'POST', path: () => '/v1/posts', body: () => JSON.stringify({ text: `Post ${Math.random()}` }) },
  { method: 'DELETE', path: (accountId) => `/v1/accounts/${accountId}/follow` },
];

/**
 * Sends requests at a steady rate, from existing accounts. Nothing is retried: an answer other than 2xx is a failure.
 */
export async function startLoad(
  url: string,
  { perSecond, methods, name }: { perSecond: number; methods: readonly Method[]; name: string },
): Promise<Load> {
  const actors = await Promise.all(
    Array.from({ length: actorCount }, async (_, index) => {
      const twite = createTwite({ baseUrl: url });
      const { account } = await twite.accounts.create({
        handle: `${name}_${index}_${Date.now() % 100000}`,
        password: 'a long password',
      });
      const { postId } = await twite.posts.create({ text: 'To be liked' });
      return { accountId: account.accountId, postId, authorization: `Bearer ${twite.session?.accessToken}` };
    }),
  );
  const kinds = mix.filter(({ method }) => methods.includes(method));

  const failures: string[] = [];
  const underWay = new Set<Promise<void>>();
  const watchers = new Set<() => void>();
  let answered = 0;
  let sent = 0;
  let stopped = false;

  const send = async (): Promise<void> => {
    const turn = sent++;
    const { method, path, body } = kinds[turn % kinds.length] as Kind;
    // Each round of the mix uses another actor, on the content of the next.
    const round = Math.floor(turn / kinds.length);
    const actor = actors[round % actorCount] as (typeof actors)[number];
    const other = actors[(round + 1) % actorCount] as (typeof actors)[number];
    const target = path(other.accountId, other.postId);
    const at = new Date().toISOString();
    try {
      const response = await fetch(`${url}${target}`, {
        method,
        signal: AbortSignal.timeout(hangMs),
        headers: { authorization: actor.authorization, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: body() }),
      });
      const text = await response.text();
      answered++;
      if (!response.ok) failures.push(`${at} ${method} ${target}: ${response.status} ${text.slice(0, 200)}`);
    } catch (error) {
      failures.push(`${at} ${method} ${target}: ${String((error as Error).cause ?? error)}`);
    }
    for (const watch of watchers) watch();
  };

  const startedAt = performance.now();
  const pump = (async () => {
    let due = 0;
    for (let last = startedAt; !stopped; ) {
      const now = performance.now();
      // Timers are late on a busy machine; up to a second is made up for.
      due = Math.min(due + ((now - last) / 1000) * perSecond, perSecond);
      last = now;
      for (; due >= 1 && underWay.size < underWayMax; due--) {
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
