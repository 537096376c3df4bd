import { randomBytes } from 'node:crypto';
import type { Invalidation } from '@twite/core/caching/invalidation';
import type { PostRecord } from '@twite/core/posts/post-store';
import { deepFreeze } from '../deep-freeze.ts';
import type { RedisConnection } from './connection.ts';
import { postKey } from './keys.ts';
import { defineScript, type Script } from './scripts.ts';

const KEPT_SECONDS = 3_600;
/** Ids without a post: they may be requested again and again, and are cheap to look up again. */
const ABSENT_KEPT_SECONDS = 60;
const LEASE_MS = 10_000;
const LEASE = '~';

/**
 * KEYS: posts. ARGV: the lease, milliseconds. Returns each cached value; for a missing one, returns false and takes the
 * lease unless another reader holds it.
 */
const readScript = `
local found = redis.call('MGET', unpack(KEYS))
for index = 1, #KEYS do
  local kept = found[index]
  if not kept then
    redis.call('SET', KEYS[index], ARGV[1], 'PX', ARGV[2])
  elseif string.sub(kept, 1, 1) == '${LEASE}' then
    found[index] = false
  end
end
return found
`;

/**
 * KEYS: posts. ARGV: the lease, then for each post the value to cache and for how many seconds. Caches those whose
 * lease is still held.
 */
const fillScript = `
for index = 1, #KEYS do
  if redis.call('GET', KEYS[index]) == ARGV[1] then
    redis.call('SET', KEYS[index], ARGV[2 * index], 'EX', ARGV[2 * index + 1])
  end
end
`;

/** The posts found. Read the rest from the store and pass them to `fill`. */
export interface PostCacheRead {
  /** Null: known to be absent. */
  readonly found: ReadonlyMap<string, PostRecord | null>;
  fill(postIds: readonly string[], posts: ReadonlyMap<string, PostRecord>): Promise<void>;
}

/**
 * Posts that any process read recently, between the in-process caches and the store. A reader that misses takes a
 * lease, which a change of the post ends: a value read before the change is then not cached, however late it arrives.
 */
export class RedisPostCache {
  readonly #connection: RedisConnection;
  readonly #namespace: string;
  readonly #read: Script;
  readonly #fill: Script;
  #hits = 0;
  #misses = 0;

  constructor(connection: RedisConnection, { namespace }: { readonly namespace: string }) {
    this.#connection = connection;
    this.#namespace = namespace;
    this.#read = defineScript(connection.client, 'twiteReadPosts', readScript);
    this.#fill = defineScript(connection.client, 'twiteFillPosts', fillScript);
  }

  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  async read(postIds: readonly string[]): Promise<PostCacheRead> {
    const epoch = await this.#connection.epoch();
    const lease = `${LEASE}${randomBytes(9).toString('base64url')}`;
    const found = new Map<string, PostRecord | null>();
    const values =
      postIds.length === 0
        ? []
        : ((await this.#read(this.#keys(epoch, postIds), [lease, LEASE_MS])) as (string | null)[]);
    for (const [index, value] of values.entries()) {
      if (value === null) continue;
      const post = JSON.parse(value) as PostRecord | null;
      // Cached by a process of the release before media, whose posts have no such field.
      if (post !== null && post.media === undefined) continue;
      found.set(postIds[index] as string, deepFreeze(post));
    }
    this.#hits += found.size;
    this.#misses += postIds.length - found.size;
    return {
      found,
      fill: async (filled, posts) => {
        if (filled.length === 0) return;
        const args: (string | number)[] = [lease];
        for (const id of filled) {
          const post = posts.get(id);
          if (post === undefined) args.push('null', ABSENT_KEPT_SECONDS);
          else args.push(JSON.stringify(post), KEPT_SECONDS);
        }
        await this.#fill(this.#keys(epoch, filled), args);
      },
    };
  }

  /** Call it at every change of a post, before others are notified of it. */
  async invalidate(invalidations: readonly Invalidation[]): Promise<void> {
    const postIds = invalidations.flatMap(([cache, key]) => (cache === 'posts' && key !== '*' ? [key] : []));
    if (postIds.length > 0) {
      // Sent at once if possible: the bus sends its message after it.
      const known = this.#connection.epoch();
      const epoch = typeof known === 'string' ? known : await known;
      await this.#connection.client.unlink(...this.#keys(epoch, postIds));
    }
    if (invalidations.some(([cache, key]) => cache === 'posts' && key === '*')) await this.#invalidateAll();
  }

  async #invalidateAll(): Promise<void> {
    const { client } = this.#connection;
    for await (const keys of client.scanStream({ match: `${this.#namespace}:p:*`, count: 1_000 })) {
      await Promise.all((keys as string[]).map((key) => client.unlink(key)));
    }
  }

  #keys(epoch: string, postIds: readonly string[]): string[] {
    return postIds.map((postId) => postKey(this.#namespace, epoch, postId));
  }
}
