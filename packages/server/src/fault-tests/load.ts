import { contract, type OperationId } from '@twite/contract';
import { type Answer, expectDeclared, pathOf, type Release, type Request } from '../http-tests/client.ts';
import type { Person } from '../http-tests/people.ts';
import type { HomePage, Ledger, Mark } from './ledger.ts';

/** The outcome of a request. */
export interface Asked {
  readonly operationId: OperationId;
  readonly server: number;
  readonly startedAt: number;
  readonly ms: number;
  /** 0: no answer within `hangMs`. */
  readonly status: number;
  readonly code: string | undefined;
}

export interface Load extends AsyncDisposable {
  readonly asked: readonly Asked[];
  /** Content of the answer that must not be there. */
  readonly wrong: readonly string[];
  /** Resolves when this many more requests of an operation were answered. */
  answered(operationId: OperationId, count: number): Promise<void>;
  /** Stops after the requests in progress. */
  stop(): Promise<void>;
}

const hangMs = 20_000;
/** The average time between two acts of the same account. */
const paceMs = 450;

/** Makes a request to a server; never rejects. Every answer is checked against the contract. */
export async function ask(
  url: string,
  operationId: OperationId,
  request: Request,
  release: Release = 'this',
): Promise<Answer> {
  const { token, body } = request;
  const response = await fetch(`${url}${pathOf(operationId, request)}`, {
    method: contract[operationId].method,
    signal: AbortSignal.timeout(hangMs),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = {
    status: response.status,
    body: text === '' ? undefined : JSON.parse(text),
    headers: response.headers,
  };
  expectDeclared(operationId, answer, release);
  return answer;
}

/** Small, and the same in every run. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Accounts that post, read, follow, like, delete and block, at a bounded rate, on the servers in turn. `up`: which
 * servers are up, by their indexes. `releaseOf`: the release of a server, by its index.
 */
export function startLoad(
  urls: readonly string[],
  people: readonly Person[],
  ledger: Ledger,
  up: () => readonly number[] = () => [...urls.keys()],
  releaseOf: (server: number) => Release = () => 'this',
): Load {
  const asked: Asked[] = [];
  const wrong: string[] = [];
  const watchers = new Set<(one: Asked) => void>();
  const stopping = new AbortController();
  const busyPairs = new Set<string>();

  async function tell(
    server: number,
    operationId: OperationId,
    request: Request,
  ): Promise<{ answer: Answer | undefined; mark: Mark }> {
    const startedAt = performance.now();
    let answer: Answer | undefined;
    try {
      answer = await ask(urls[server] as string, operationId, request, releaseOf(server));
    } catch (error) {
      wrong.push(`${operationId}: ${String(error)}`);
    }
    const at = performance.now();
    const { status = 0, body } = answer ?? {};
    const one = { operationId, server, startedAt, ms: at - startedAt, status, code: body?.code };
    asked.push(one);
    for (const watcher of watchers) watcher(one);
    return { answer, mark: { askedAt: startedAt, at, server } };
  }

  const acts = {
    async post(person: Person, server: number, random: () => number) {
      const text = `${person.handle} says ${Math.floor(random() * 1e9).toString(36)} at ${asked.length}`;
      const { answer, mark } = await tell(server, 'createPost', { token: person.token, body: { text } });
      if (answer?.status === 201) ledger.posted(answer.body.postId, person.accountId, mark);
      else ledger.doubtful(text);
    },
    async home(person: Person, server: number) {
      const { answer, mark } = await tell(server, 'getHomeTimeline', {
        token: person.token,
        query: { limit: 50 },
      });
      if (answer?.status !== 200) return;
      const read = { from: mark.askedAt, to: mark.at, server };
      for (const what of ledger.wrongIn(person.accountId, answer.body as HomePage, read))
        wrong.push(`${person.handle}: ${what}`);
    },
    async like(person: Person, server: number, random: () => number) {
      const other = pick(people, random);
      const postId = pick(ledger.postsOf(other.accountId), random);
      if (postId !== undefined)
        await tell(server, random() < 0.8 ? 'likePost' : 'unlikePost', {
          token: person.token,
          path: { postId },
        });
    },
    follow: (person: Person, server: number, random: () => number) =>
      turn('follows', 'followAccount', 'unfollowAccount', person, server, random),
    block: (person: Person, server: number, random: () => number) =>
      turn('blocks', 'blockAccount', 'unblockAccount', person, server, random),
    async remove(person: Person, server: number, random: () => number) {
      const postId = pick(ledger.postsOf(person.accountId), random);
      if (postId === undefined) return;
      ledger.deleting(postId);
      const { answer, mark } = await tell(server, 'deletePost', { token: person.token, path: { postId } });
      if (answer?.status === 204) ledger.deleted(postId, mark);
    },
  };

  async function turn(
    kind: 'follows' | 'blocks',
    set: OperationId,
    unset: OperationId,
    person: Person,
    server: number,
    random: () => number,
  ): Promise<void> {
    const other = pick(people, random);
    const pair = [person.handle, other.handle].sort().join(' ');
    // Concurrent actions of two accounts on each other may end either way.
    if (other === person || busyPairs.has(pair)) return;
    busyPairs.add(pair);
    await turnNow(kind, set, unset, person, other, server).finally(() => busyPairs.delete(pair));
  }

  async function turnNow(
    kind: 'follows' | 'blocks',
    set: OperationId,
    unset: OperationId,
    person: Person,
    other: Person,
    server: number,
  ): Promise<void> {
    const holds = ledger.holds(kind, person.accountId, other.accountId) !== true;
    ledger.changing(kind, person.accountId, other.accountId);
    const { answer, mark } = await tell(server, holds ? set : unset, {
      token: person.token,
      path: { accountId: other.accountId },
    });
    if (answer?.status === 403) return ledger.refused(kind, person.accountId, other.accountId);
    ledger.changed(kind, person.accountId, other.accountId, answer?.status === 200 ? holds : undefined, mark);
  }

  const shares = { post: 0.3, home: 0.74, like: 0.84, follow: 0.92, remove: 0.97, block: 1 } as const;

  async function act(person: Person, random: () => number): Promise<void> {
    const server = pick(up(), random);
    const dice = random();
    const [what] = Object.entries(shares).find(([, share]) => dice < share) ?? ['home'];
    await acts[what as keyof typeof acts](person, server, random);
  }

  async function live(person: Person, index: number): Promise<void> {
    const random = makeRandom(index * 7_919 + Math.floor(performance.now()));
    while (!stopping.signal.aborted) {
      await act(person, random);
      await pause(paceMs * 2 * random(), stopping.signal);
    }
  }

  const living = people.map(live);
  const stop = async () => {
    stopping.abort();
    await Promise.all(living);
  };
  return {
    asked,
    wrong,
    answered(operationId, count) {
      let left = count;
      const { promise, resolve } = Promise.withResolvers<void>();
      const watcher = (one: Asked) => {
        if (one.operationId === operationId) left -= 1;
        if (left <= 0) resolve();
      };
      watchers.add(watcher);
      return promise.finally(() => watchers.delete(watcher));
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Paces the load. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
