import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createTwite, type Session, type Twite, UnauthenticatedError } from '@twite/sdk';
import { forEachConcurrently } from '../demo/for-each-concurrently.ts';
import { loadPeople, requestCount } from '../demo/load-graph.ts';
import type { Graph } from '../demo/parse-edge-list.ts';
import { patiently } from '../demo/patiently.ts';
import { CommandError } from '../usage-error.ts';
import { keepSessionsFresh, refreshStale } from './keep-fresh.ts';
import { gradientPng } from './make-png.ts';
import { seededRandom } from './random.ts';
import { readReuseFile, type StoredAccounts, writeReuseFile } from './reuse-file.ts';
import type { BenchData } from './scenarios.ts';
import { socialGraph } from './social-graph.ts';
import { postText } from './words.ts';

export interface PrepareOptions {
  readonly url: string;
  readonly accounts: number;
  readonly postsPerAccount: number;
  /** Whether pictures are uploaded too. */
  readonly pictures: boolean;
  /** Accounts are stored in this file, and reused from it if it exists. */
  readonly reuseFile?: string | undefined;
  /** Replaces the generated graph: one account per node. */
  readonly graph?: Graph | undefined;
  readonly progress?: (done: number, total: number) => void;
}

/**
 * Signed-in accounts on a server that follow each other and have posted. Disposing stops the refresh of their sessions.
 */
export interface BenchAccounts extends BenchData, AsyncDisposable {
  readonly follows: number;
  readonly posts: number;
  /** Whether the accounts already existed. */
  readonly reused: boolean;
  /** Deletes the accounts and all of their content. */
  remove(): Promise<void>;
}

export interface BenchAccount {
  readonly accountId: string;
  readonly handle: string;
  readonly twite: Twite;
}

const friendsEach = 10;
const picturesCount = 12;
const userAgent = 'twite bench';
const patienceMs = 120_000;

const clientOf = (url: string, session?: Session): Twite =>
  createTwite({ baseUrl: url, userAgent, session, timeoutMs: patienceMs });

/** The path relative to the server's address, as used in requests. */
function pathFrom(url: string, picture: string): string {
  const base = new URL(url).pathname.replace(/\/+$/, '');
  const { pathname } = new URL(picture);
  return pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
}

async function uploadPictures(url: string, accounts: readonly BenchAccount[]): Promise<string[]> {
  const paths: string[] = [];
  await forEachConcurrently(Array.from({ length: picturesCount }).keys(), 2, async (at) => {
    const account = accounts[at % accounts.length] as BenchAccount;
    const picture = gradientPng(200 + at * 20);
    const media = await patiently(() => account.twite.media.upload(new Uint8Array(picture)));
    // Attached, so that it is not deleted after a day.
    await patiently(() => account.twite.posts.create({ text: '', mediaIds: [media.mediaId] }));
    for (const variant of media.variants) paths.push(pathFrom(url, variant.url));
  });
  return paths;
}

/**
 * Waits until a follower's home timeline shows the newest post, so that the run does not measure the backlog of the
 * preparation.
 */
async function untilDelivered(accounts: readonly BenchAccount[], graph: Graph): Promise<void> {
  const [author, reader] = graph.edges.at(-1) ?? [];
  if (author === undefined || reader === undefined) return;
  const from = accounts[author];
  const to = accounts[reader];
  if (!from || !to) return;
  const { postId } = await patiently(() => from.twite.posts.create({ text: 'Ready.' }));
  const givesUpAt = Date.now() + patienceMs;
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
    const page = await patiently(() => to.twite.timelines.home({ limit: 20 }));
    if (page.items.some((item) => item.postId === postId)) return;
    if (Date.now() > givesUpAt)
      throw new CommandError(
        'not_delivered',
        `A post did not reach a follower's home timeline within ${patienceMs / 1000} s. Check with \`twite status\` that the relay and a worker are running.`,
      );
    await pause(pauseMs);
  }
}

const isRateLimited = (error: unknown): error is CommandError =>
  error instanceof CommandError && error.code === 'rate_limited';

const limited = (made: number, of: number, cause: CommandError): CommandError =>
  new CommandError(
    'rate_limited',
    `The server limits sign-ups and writes: ${made} of ${of} accounts could be created, and were deleted again. To measure the server instead of its limits, start it with TWITE_RATE_LIMITS=off. To measure with limits, raise TWITE_RATE_LIMIT_SIGN_UP_ADDRESS or lower --accounts.`,
    { cause },
  );

/** Deletes accounts and all of their content. Accounts that cannot be deleted now stay. */
async function deleteAccounts(clients: readonly Twite[], password: string): Promise<void> {
  await forEachConcurrently(clients, 4, async (twite) => {
    await patiently(() => twite.me.delete({ password }));
  }).catch(() => undefined);
}

interface Made {
  readonly accounts: readonly BenchAccount[];
  readonly stored: Omit<StoredAccounts, 'people'>;
}

async function make(options: PrepareOptions): Promise<Made> {
  const { url, postsPerAccount, progress = () => undefined } = options;
  const random = seededRandom(1);
  const graph = options.graph ?? socialGraph(options.accounts, friendsEach, random);
  const prefix = `bench_${randomBytes(4).toString('hex')}_`;
  const password = randomBytes(18).toString('base64url');
  const total = requestCount(graph, postsPerAccount);
  const entered: Twite[] = [];
  const { people, summary } = await loadPeople({
    url,
    graph,
    prefix,
    password,
    postsPerAccount,
    textOf: (account, nth) => postText(seededRandom(account * 1_000 + nth)),
    onPerson: ({ twite }) => entered.push(twite),
    progress: (done) => progress(done, total),
  }).catch(async (error: unknown) => {
    await deleteAccounts(entered, password);
    throw isRateLimited(error) ? limited(entered.length, graph.nodes.length, error) : error;
  });
  const accounts = people.map(({ twite, accountId }, at) => ({
    twite,
    accountId,
    handle: prefix + (graph.nodes[at] ?? ''),
  }));
  await untilDelivered(accounts, graph);
  const pictures = options.pictures ? await uploadPictures(url, accounts) : [];
  const { follows, posts } = summary;
  return { accounts, stored: { url, password, follows, posts, pictures } };
}

/** Signs in again to accounts whose session has ended. */
async function restore(url: string, stored: StoredAccounts, file: string): Promise<BenchAccount[]> {
  const accounts = stored.people.map(({ accountId, handle, session }) => ({
    accountId,
    handle,
    twite: clientOf(url, session),
  }));
  await forEachConcurrently(accounts, 4, async ({ handle, twite }) => {
    try {
      await refreshStale(twite);
      if (handle === accounts[0]?.handle) await twite.me.get();
      if (twite.session) return;
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
    }
    try {
      await patiently(() => twite.sessions.create({ handle, password: stored.password }));
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
      throw new CommandError(
        'bench_accounts_gone',
        `The accounts in ${file} no longer exist on ${url}. Delete the file to create new ones.`,
        { cause: error },
      );
    }
  });
  return accounts;
}

/** Creates accounts with a graph and posts on a server, or reuses those of the reuse file. */
export async function prepareAccounts(options: PrepareOptions): Promise<BenchAccounts> {
  const { url, reuseFile } = options;
  const found = reuseFile === undefined ? undefined : await readReuseFile(reuseFile, url);
  const made: Made =
    found && reuseFile !== undefined
      ? { accounts: await restore(url, found, reuseFile), stored: found }
      : await make(options);
  const { accounts } = made;
  const pictures =
    options.pictures && made.stored.pictures.length === 0
      ? await uploadPictures(url, accounts)
      : made.stored.pictures;
  const save = async (): Promise<void> => {
    if (reuseFile === undefined) return;
    const people = accounts.flatMap(({ accountId, handle, twite: { session } }) =>
      session ? [{ accountId, handle, session }] : [],
    );
    await writeReuseFile(reuseFile, { ...made.stored, pictures, people });
  };
  await save();
  const fresh = keepSessionsFresh(accounts, save);
  return {
    people: accounts.map(({ accountId, twite }) => ({
      accountId,
      token: () => twite.session?.accessToken ?? '',
    })),
    pictures,
    follows: made.stored.follows,
    posts: made.stored.posts,
    reused: found !== undefined,
    async remove() {
      await fresh.stop();
      await deleteAccounts(
        accounts.map(({ twite }) => twite),
        made.stored.password,
      );
    },
    [Symbol.asyncDispose]: () => fresh.stop(),
  };
}
