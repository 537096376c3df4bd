import type { Comparing } from '@twite/core/admin/comparing';
import type { Engine, Settings } from '@twite/core/engine';
import type { RedisConnection } from '../redis/connection.ts';

type Ports = Pick<Engine, 'timelines' | 'follows' | 'posts'>;

export interface TimelinesSide {
  readonly redis: RedisConnection;
  readonly namespace: string;
  readonly engine: Ports;
  readonly settings: Pick<Settings, 'timelineLength'>;
}

async function* timelineOwners({ client }: RedisConnection, namespace: string): AsyncGenerator<string> {
  for await (const keys of client.scanStream({ match: `${namespace}:t:*`, count: 1_000 })) {
    for (const key of keys as string[]) yield key.slice(key.lastIndexOf(':') + 1);
  }
}

/**
 * The newest posts that are pushed to an account: its own and those of everyone it follows except the popular accounts.
 */
async function pushedTo({ follows, posts }: Ports, accountId: string, limit: number): Promise<string[]> {
  const [followeeIds, popularIds] = await Promise.all([
    follows.listFolloweeIds(accountId),
    follows.listPopularFolloweeIds(accountId),
  ]);
  const popular = new Set(popularIds);
  const authorIds = [accountId, ...followeeIds.filter((followeeId) => !popular.has(followeeId))];
  const refs = await posts.listByAuthors(authorIds, { limit });
  return refs.map(({ postId }) => postId);
}

/**
 * Checks that every ready timeline contains, in order and once, everything that its window covers. It may contain more:
 * deleted and unfollowed posts are hidden on read.
 */
export const compareTimelines = ({ redis, namespace, engine, settings }: TimelinesSide): Comparing => ({
  what: 'timelines: windows that are ready',
  async compare(only) {
    const limit = settings.timelineLength;
    const differing: string[] = [];
    let compared = 0;
    for await (const accountId of only ?? timelineOwners(redis, namespace)) {
      const window = await engine.timelines.read(accountId, { limit });
      if (window === undefined) continue;
      compared += 1;
      const { postIds, complete } = window;
      const isInOrder = postIds.every(
        (postId, index) => index === 0 || postId < (postIds[index - 1] as string),
      );
      const lowest = complete ? '' : (postIds[postIds.length - 1] ?? '');
      const held = new Set(postIds);
      const wanted = await pushedTo(engine, accountId, limit);
      const isWhole = wanted.every((postId) => postId < lowest || held.has(postId));
      if (!isInOrder || !isWhole) differing.push(accountId);
    }
    return { compared, differing };
  },
});
