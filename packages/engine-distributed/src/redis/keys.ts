/**
 * Keys carry one of this many hash tags. A single server ignores them. They stay because processes of the previous
 * release share these keys during an upgrade, and because a Redis Cluster would need them.
 */
const shardCount = 16;

/** The shard of an id: a number below `shardCount`. */
function shardOf(id: string): number {
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (hash * 31 + id.charCodeAt(index)) | 0;
  return (hash ^ (hash >>> 16)) & (shardCount - 1);
}

export const timelineKey = (namespace: string, accountId: string): string =>
  `${namespace}:t:{${shardOf(accountId)}}:${accountId}`;

/** Posts are kept for one epoch of the server: a crash may have lost their invalidations. */
export const postKey = (namespace: string, epoch: string, postId: string): string =>
  `${namespace}:p:{${shardOf(postId)}}:${epoch}:${postId}`;

/** All limits share a hash tag: a request counts against all of its limits or none, which takes one call. */
export const limitKey = (namespace: string, key: string): string => `${namespace}:l:{limits}:${key}`;

export const invalidationsChannel = (namespace: string): string => `${namespace}:touched`;
