import { setTimeout as wait } from 'node:timers/promises';
import pMap from 'p-map';
import { atMost, type Effort, type Figure, round } from '../figures.ts';
import { repeatAtRate } from '../load.ts';
import { median, percentile } from '../statistics.ts';
import type { Running } from './network.ts';

const readersMax = 6;
const warmMax = 400;
/**
 * The interval between two reads of a reader: its own speed is not measured, and reads take their share of the cores.
 */
const pollMs = 20;
/** Posts that are not measured: processes that just started run cold code. */
const warmUpSeconds = 6;

/** From sending a post until each of several followers sees it at home, at 50 posts a second over all authors. */
export async function postToVisible({ network }: Running, effort: Effort): Promise<Figure> {
  const { people, clients, friends } = network;
  // Readers with many followees: some of them see each post.
  const byFriends = [...people.keys()].sort((a, b) => (friends[b]?.length ?? 0) - (friends[a]?.length ?? 0));
  const readers = byFriends.slice(20, 20 + readersMax);
  await pMap(
    [...readers, ...byFriends.slice(0, warmMax)],
    async (at) => {
      await clients[at]?.timelines.home({ limit: 20 });
    },
    { concurrency: 8 },
  );
  const authors = [...new Set(readers.flatMap((reader) => friends[reader] ?? []))].filter(
    (author) => !readers.includes(author),
  );

  const sent = new Map<string, number>();
  const seen = new Map<string, number>();
  const delays: number[] = [];
  const match = (key: string, postId: string): void => {
    const since = sent.get(postId);
    const at = seen.get(key);
    if (since !== undefined && at !== undefined) delays.push(at - since);
  };
  let reading = true;
  const read = async (reader: number) => {
    while (reading) {
      const page = await clients[reader]?.timelines.home({ limit: 20 });
      const at = performance.now();
      for (const { postId, text } of page?.items ?? []) {
        const key = `${reader} ${postId}`;
        if (!text.startsWith('bench ') || seen.has(key)) continue;
        seen.set(key, at);
        match(key, postId);
      }
      await wait(pollMs);
    }
  };
  const reads = readers.map(read);
  let turn = 0;
  let expected = 0;
  const create = async (text: string) => {
    const author = authors[(turn++ * 31) % authors.length] as number;
    return { author, post: await clients[author]?.posts.create({ text: `${text} ${turn}` }) };
  };
  const warmingUp = repeatAtRate(50, () => create('warm'));
  await wait(warmUpSeconds * 1_000);
  await warmingUp.stop();
  const writing = repeatAtRate(50, async () => {
    const since = performance.now();
    const { author, post } = await create('bench');
    const postId = post?.postId ?? '';
    sent.set(postId, since);
    for (const reader of readers) {
      if (!friends[author]?.includes(reader)) continue;
      expected += 1;
      match(`${reader} ${postId}`, postId);
    }
  });
  await wait(effort.seconds * 2_500);
  const posts = await writing.stop();
  await wait(1_000);
  reading = false;
  await Promise.all(reads);
  const detail = `${delays.length} of ${expected} sights of ${posts} posts by ${readers.length} readers; p50 ${round(median(delays), 1)} ms, p90 ${round(percentile(delays, 0.9), 1)} ms; ${people.length} people with ${network.follows} follows`;
  const isWhole = delays.length === expected;
  return atMost(
    'post → visible p99 at 50 posts/s',
    isWhole ? percentile(delays, 0.99) : Number.POSITIVE_INFINITY,
    'ms',
    150,
    detail,
  );
}
