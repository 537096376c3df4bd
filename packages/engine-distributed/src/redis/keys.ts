/**
 * Keys are spread over this many hash tags: as many slots of a Redis Cluster, so that calls about many keys can be
 * grouped. With one server the tags do nothing.
 */
const shardCount = 16;

/** The shard of an id: a number below `shardCount`. */
function shardOf(id: string): number {
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (hash * 31 + id.charCodeAt(index)) | 0;
  return (hash ^ (hash >>> 16)) & (shardCount - 1);
}

/** Groups ids by shard: one call each where a call may touch one slot only. */
export function groupByShard(ids: readonly string[]): string[][] {
  const groups = new Map<number, string[]>();
  for (const id of ids) {
    const shard = shardOf(id);
    const group = groups.get(shard);
    if (group === undefined) groups.set(shard, [id]);
    else group.push(id);
  }
  return [...groups.values()];
}

export const timelineKey = (namespace: string, accountId: string): string =>
  `${namespace}:t:{${shardOf(accountId)}}:${accountId}`;

/** Posts are kept for one epoch of the server: what it forgot in a crash, it may have forgotten to forget. */
export const postKey = (namespace: string, epoch: string, postId: string): string =>
  `${namespace}:p:{${shardOf(postId)}}:${epoch}:${postId}`;

/**
 * All limits in one slot: a request counts against all of its limits or none, which takes one call, and they belong to
 * accounts and to addresses. One core of Redis takes more requests than a whole site of ours answers.
 */
export const limitKey = (namespace: string, key: string): string => `${namespace}:l:{limits}:${key}`;

export const touchedChannel = (namespace: string): string => `${namespace}:touched`;
