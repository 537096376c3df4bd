import { readFile, writeFile } from 'node:fs/promises';
import { createTwite, NotFoundError, RateLimitedError, type Session } from '@twite/sdk';

export async function example(baseUrl: string, sessionFile: string): Promise<string[]> {
  const kept = await readFile(sessionFile, 'utf8').catch(() => undefined);
  const twite = createTwite({
    baseUrl,
    session: kept === undefined ? undefined : ((JSON.parse(kept) as Session | null) ?? undefined),
    // Called whenever tokens change; undefined means signed out.
    onSession: (session) => writeFile(sessionFile, JSON.stringify(session ?? null), { mode: 0o600 }),
  });

  if (!twite.session) await twite.accounts.create({ handle: 'cosette', password: 'au bord du puits' });
  const post = await twite.posts.create({ text: 'Hello #twite' });
  await twite.posts.like({ postId: post.postId });

  // Await a list for its first page, or iterate over all of it.
  const { items, nextCursor } = await twite.timelines.home({ limit: 50 });
  console.log(`${items.length} posts, ${nextCursor === null ? 'and that is all' : 'and more'}`);
  const handles: string[] = [];
  for await (const account of twite.accounts.listFollowers({ accountId: post.author.accountId })) {
    handles.push(account.handle);
  }

  try {
    await twite.posts.get({ postId: post.postId, include: 'replies' }, { timeoutMs: 2_000 });
  } catch (error) {
    if (error instanceof NotFoundError) console.log(error.code, error.requestId);
    else if (error instanceof RateLimitedError) console.log(`Again in ${error.retryAfterSeconds} s`);
    else throw error;
  }
  return handles;
}
