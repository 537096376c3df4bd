import { createPost } from '@twite/core/posts/create-post';
import { openSession } from '@twite/core/sessions/open-session';
import { forEachConcurrently } from '@twite/process/for-each-concurrently';
import { withAccount } from '../main/operator-command.ts';
import type { Fleet } from './fleet.ts';
import { type Asked, ask } from './load.ts';

/** An account that only reads. */
export interface Reader {
  readonly token: string;
  /** The newest post of their home timeline. */
  readonly newestPostId: string;
}

const authorsCount = 40;
const postsEach = 25;
const followeesEach = 4;
/** Fewer than a server handles at a time before it rejects some. */
const readsAtOnce = 300;

/**
 * Creates readers with sessions who follow authors with posts. They are written to the stores directly: hashing a
 * thousand passwords would take too long.
 */
export async function seatReaders({ environment, people }: Fleet, count: number): Promise<readonly Reader[]> {
  const [one] = people;
  return withAccount({ dataDir: '', handle: one?.handle ?? '', env: environment }, async (deps) => {
    const insert = async (handle: string) => {
      const accountId = deps.ids.next();
      const account = {
        accountId,
        handle,
        displayName: handle,
        passwordHash: '',
        createdAt: deps.clock.now(),
      };
      await deps.accounts.insert(account);
      return accountId;
    };
    const authors: { accountId: string; newestPostId: string }[] = [];
    await forEachConcurrently(Array(authorsCount).keys(), 20, async (index) => {
      const accountId = await insert(`author${index}`);
      let newestPostId = '';
      for (let n = 0; n < postsEach; n += 1) {
        newestPostId = deps.ids.next();
        const post = { postId: newestPostId, authorId: accountId, text: `Post ${n}`, mediaIds: [] };
        await createPost(deps, { ...post, visibility: 'public' });
      }
      authors.push({ accountId, newestPostId });
    });
    const readers: Reader[] = [];
    await forEachConcurrently(Array(count).keys(), 20, async (index) => {
      const accountId = await insert(`reader${index}`);
      const followees = Array.from(
        { length: followeesEach },
        (_, step) => authors[(index + step) % authors.length],
      );
      for (const followee of followees) {
        const followeeId = followee?.accountId ?? '';
        await deps.follows.follow({ followId: deps.ids.next(), followerId: accountId, followeeId });
      }
      const { accessToken } = await openSession(deps, accountId, null);
      const newestPostId =
        followees
          .map((followee) => followee?.newestPostId ?? '')
          .sort()
          .at(-1) ?? '';
      readers.push({ token: accessToken, newestPostId });
    });
    return readers;
  });
}

/**
 * Reads every home timeline, on the servers in turn. Returns the outcome of each request, and how many readers missed
 * the newest post.
 */
export async function readAllHomes(
  { urls }: Pick<Fleet, 'urls'>,
  readers: readonly Reader[],
): Promise<{ readonly asked: readonly Asked[]; readonly missed: number }> {
  const asked: Asked[] = [];
  let missed = 0;
  await forEachConcurrently(readers.entries(), readsAtOnce, async ([index, { token, newestPostId }]) => {
    const server = index % urls.length;
    const startedAt = performance.now();
    const request = { token, query: { limit: 20 } };
    const { status, body } = await ask(urls[server] as string, 'getHomeTimeline', request);
    const ms = performance.now() - startedAt;
    asked.push({ operationId: 'getHomeTimeline', server, startedAt, ms, status, code: body?.code });
    const items: readonly { postId: string }[] = body?.items ?? [];
    if (!items.some(({ postId }) => postId === newestPostId)) missed += 1;
  });
  return { asked, missed };
}
