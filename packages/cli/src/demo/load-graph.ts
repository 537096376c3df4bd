import { createHash } from 'node:crypto';
import { ConflictError, createTwite, type Twite, UnauthenticatedError } from '@twite/sdk';
import { CommandError } from '../usage-error.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import type { Graph } from './parse-edge-list.ts';
import { patiently } from './patiently.ts';

export interface LoadGraphOptions {
  readonly url: string;
  readonly graph: Graph;
  readonly prefix: string;
  readonly password: string;
  readonly postsPerAccount: number;
  /** The text of an account's nth post; by default it names friends. Deterministic. */
  readonly textOf?: (account: number, nth: number) => string;
  /** Called with each account once it is signed in. */
  readonly onPerson?: (person: Person) => void;
  /** Called with the number of completed requests, out of `requestCount`. */
  readonly progress: (done: number) => void;
}

export interface LoadSummary {
  readonly accounts: number;
  /** The number of accounts that already existed. */
  readonly existingAccounts: number;
  readonly follows: number;
  readonly posts: number;
}

/** A signed-in account of a node. */
export interface Person {
  readonly twite: Twite;
  readonly accountId: string;
  /** The number of posts that it already had. */
  readonly posts: number;
}

/** The number of requests of a load. */
export const requestCount = ({ nodes, edges }: Graph, postsPerAccount: number): number =>
  nodes.length * (1 + postsPerAccount) + edges.length * 2;

/** Deterministic, so that each post is created once, however often a load is restarted. */
function postText(handles: readonly string[], friends: readonly number[], of: number, nth: number): string {
  const friend = friends.length > 0 ? handles[friends[nth % friends.length] ?? of] : undefined;
  const texts = [
    `Hello, I am ${handles[of]} and I know ${friends.length} of the people here. #hello`,
    friend ? `Good to see you, @${friend}!` : 'Is anyone there?',
    `A quiet day in the network. #day${nth}`,
  ];
  return `${texts[nth % texts.length]}${nth < texts.length ? '' : ` (${nth + 1})`}`;
}

/** Signs up, or signs in. */
async function enter(
  url: string,
  handle: string,
  password: string,
): Promise<{ person: Person; existed: boolean }> {
  // Waiting for a rate limit takes longer than a normal request may.
  const twite = createTwite({ baseUrl: url, userAgent: 'twite demo load', timeoutMs: 120_000 });
  try {
    const { account } = await patiently(() => twite.accounts.create({ handle, password }));
    return { person: { twite, accountId: account.accountId, posts: account.counts.posts }, existed: false };
  } catch (error) {
    if (!(error instanceof ConflictError) || error.code !== 'handle_taken') throw error;
  }
  try {
    const { account } = await patiently(() => twite.sessions.create({ handle, password }));
    return { person: { twite, accountId: account.accountId, posts: account.counts.posts }, existed: true };
  } catch (error) {
    if (!(error instanceof UnauthenticatedError)) throw error;
    throw new CommandError(
      'handle_taken',
      `@${handle} already exists with another password. To continue an earlier load, give its password (TWITE_PASSWORD or --password-stdin). To create new accounts, use another --prefix.`,
      { cause: error },
    );
  }
}

/** Creates an account per node, a mutual follow per edge, and posts. A restart continues where the last run ended. */
export const loadGraph = async (options: LoadGraphOptions): Promise<LoadSummary> =>
  (await loadPeople(options)).summary;

/** Like `loadGraph`, but returns the accounts in the order of the nodes. */
export async function loadPeople(
  options: LoadGraphOptions,
): Promise<{ readonly people: readonly Person[]; readonly summary: LoadSummary }> {
  const { url, graph, prefix, password, postsPerAccount } = options;
  const handles = graph.nodes.map((node) => prefix + node);
  const people: Person[] = [];
  const friends = handles.map((): number[] => []);
  for (const [a, b] of graph.edges) {
    friends[a]?.push(b);
    friends[b]?.push(a);
  }
  let done = 0;
  const step = () => options.progress(++done);
  let existingAccounts = 0;

  // Few at a time: password hashing is slow on purpose.
  await forEachConcurrently(handles.entries(), 4, async ([at, handle]) => {
    const { person, existed } = await enter(url, handle, password);
    people[at] = person;
    options.onPerson?.(person);
    if (existed) existingAccounts++;
    step();
  });

  await forEachConcurrently(people.entries(), 8, async ([at, { twite }]) => {
    for (const friend of friends[at] ?? []) {
      const accountId = people[friend]?.accountId ?? '';
      await patiently(() => twite.accounts.follow({ accountId }));
      step();
    }
  });

  await forEachConcurrently(people.entries(), 8, async ([at, { twite, accountId, posts }]) => {
    for (let nth = 0; nth < postsPerAccount; nth++) {
      if (nth < posts) {
        step();
        continue;
      }
      const text = options.textOf?.(at, nth) ?? postText(handles, friends[at] ?? [], at, nth);
      // The count may lag behind a load that was interrupted a moment ago.
      const idempotencyKey = createHash('sha256')
        .update(`demo ${accountId} ${nth} ${text}`)
        .digest('base64url');
      await patiently(() => twite.posts.create({ text }, { idempotencyKey }));
      step();
    }
  });

  const summary = {
    accounts: people.length,
    existingAccounts,
    follows: graph.edges.length * 2,
    posts: people.length * postsPerAccount,
  };
  return { people, summary };
}
