import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { testUrls } from '@twite/engine-distributed/testing';
import pMap from 'p-map';
import { watchCpu } from '../cpu.ts';
import { atLeast, type Effort, type Figure, list, round } from '../figures.ts';
import type { Started } from '../processes.ts';
import { median } from '../statistics.ts';
import { type Instance, openInstance, servicePids } from './instance.ts';
import { readMetrics } from './metrics.ts';

const followerCount = 5_000;
const authorCount = 4;
const window = 800;
const batch = 500;
const delivered = 'twite_timeline_pushes_total';

interface Rate {
  readonly perSecond: number;
  /** CPU time of each, in µs. */
  readonly cpuUs: Readonly<Record<string, number>>;
}

/** Deliveries/s of one worker ÷ pipelined ZADD/s of redis-benchmark, in turns. */
export async function fanOutRatio(effort: Effort): Promise<Figure[]> {
  if (!(await hasRedisBenchmark())) {
    console.error('left out: fan-out beside redis-benchmark, which is not installed (redis-tools)');
    return [];
  }
  await using instance = await openInstance();
  await using relay = await instance.relay();
  const authors = await fillFollowers(instance);
  // Handles the events of the follows, and warms up.
  await deliveries(instance, relay, authors, 20);

  const [fresh, sameKey] = [await zadd(instance.namespace, effort), await benchmark(['-t', 'zadd'], effort)];
  await fillSets(instance.namespace, effort);
  const ours: Rate[] = [];
  const zadds: Rate[] = [];
  for (let index = 0; index < effort.rounds; index++) {
    zadds.push(await zadd(instance.namespace, effort));
    ours.push(await deliveries(instance, relay, authors, 30 * effort.seconds));
  }
  const ratios = ours.map(({ perSecond }, index) => perSecond / (zadds[index]?.perSecond ?? Number.NaN));
  const rateOf = (rates: readonly Rate[]) => median(rates.map((rate) => rate.perSecond));
  const cpuOf = (rates: readonly Rate[]) =>
    Object.keys(rates[0]?.cpuUs ?? {})
      .map((name) => `${name} ${round(median(rates.map(({ cpuUs }) => cpuUs[name] ?? Number.NaN)))}`)
      .join(', ');
  const perSecond = rateOf(ours);
  const detail = [
    `rounds ${list(ratios)}; ${round(perSecond, 0)}/s (${list(
      ours.map((rate) => rate.perSecond / 1000),
      0,
    )} k) against ${round(rateOf(zadds), 0)}/s of \`redis-benchmark -P ${batch} -r ${followerCount} ${zaddCommand.join(' ')}\` (a few keys more at each run) into sets about as long as a timeline`,
    `CPU in µs of a delivery: ${cpuOf(ours)}; of a ZADD: ${cpuOf(zadds)}`,
    `${authorCount} authors of ${followerCount} followers, full timelines`,
    `against the same into sets that begin empty (${round(fresh.perSecond, 0)}/s) ${round(perSecond / fresh.perSecond)} ×`,
    `against \`-P ${batch} -t zadd\`, one member of one key again and again (${round(sameKey, 0)}/s), ${round(perSecond / sameKey)} ×`,
  ].join('; ');
  return [atLeast('deliveries/s of one worker ÷ ZADD/s', median(ratios), '×', 0.35, detail)];
}

/** Makes the same accounts, whose timelines are warm and full, follow each author. */
async function fillFollowers({ open, raw, ids, join }: Instance): Promise<string[]> {
  const followers = Array.from({ length: followerCount }, () => ids.next());
  const { timelines } = open.engine;
  const postIds = Array.from({ length: window }, () => ids.next()).reverse();
  await pMap(
    followers,
    async (accountId) => {
      await timelines.completeRebuild(await timelines.beginRebuild(accountId), postIds, false);
    },
    { concurrency: 8 },
  );
  const authors: string[] = [];
  for (let index = 0; index < authorCount; index++) {
    const { accountId: followeeId } = await join(`author${index}`);
    authors.push(followeeId);
    const documents = followers.map((followerId) => ({
      _id: `${followerId}:${followeeId}`,
      followId: ids.next(),
      followerId,
      followeeId,
      active: true,
      counted: true,
      rev: 1,
    }));
    await raw.collections.follows.insertMany(documents, { ordered: false });
  }
  return authors;
}

/**
 * Publishes posts first, which wait in the queue, and then starts a worker; the rate is taken while it works at full
 * speed.
 */
async function deliveries(
  { open, ids, worker }: Instance,
  relay: Started,
  authors: readonly string[],
  posts: number,
): Promise<Rate> {
  const published = async () =>
    (await readMetrics(relay, 'twite_relay_published_total')).twite_relay_published_total ?? 0;
  const before = await untilSteady(published);
  await pMap(
    Array(posts).keys(),
    (at) =>
      open.engine.posts.insert({
        postId: ids.next(),
        authorId: authors[at % authors.length] ?? '',
        text: 'A post that goes to thousands.',
        entities: { mentions: [], hashtags: [], urls: [] },
        media: [],
        visibility: 'public',
        createdAt: Date.now(),
      }),
    { concurrency: 8 },
  );
  while ((await published()) < before + posts) await wait(50);
  await using process = await worker('fanOut,jobs');
  const { redis = 0, mongodb = 0, rabbitmq = 0 } = servicePids();
  const spent = watchCpu({ worker: process.pid, redis, mongodb, rabbitmq });
  const sample = async () => ({
    count: (await readMetrics(process, delivered))[delivered] ?? 0,
    at: performance.now(),
    spent: spent(),
  });
  const all = posts * (followerCount + 1);
  const samples = [await sample()];
  while ((samples.at(-1)?.count ?? 0) < 0.97 * all) {
    await wait(250);
    samples.push(await sample());
  }
  const busy = samples.filter(({ count }) => count > 0.1 * all && count < 0.95 * all);
  const [first = samples[0], last = samples.at(-1)] = [busy[0], busy.at(-1)];
  if (first === undefined || last === undefined || first === last) throw new Error('too few samples');
  const count = last.count - first.count;
  return {
    perSecond: (1000 * count) / (last.at - first.at),
    cpuUs: Object.fromEntries(
      Object.entries(last.spent).map(([name, ms]) => [
        name,
        (1000 * (ms - (first.spent[name] ?? 0))) / count,
      ]),
    ),
  };
}

async function untilSteady(read: () => Promise<number>): Promise<number> {
  for (let last = await read(); ; ) {
    await wait(500);
    const now = await read();
    if (now === last) return now;
    last = now;
  }
}

const run = promisify(execFile);
const zaddCommand = ['ZADD', 'tl:__rand_int__', '__rand_int__', '__rand_int__'];

const hasRedisBenchmark = () =>
  run('redis-benchmark', ['--version']).then(
    () => true,
    () => false,
  );

const countOf = (effort: Effort): number => effort.seconds * 125_000;

/** As many keys as there are timelines, and mostly new members. */
async function zadd(namespace: string, effort: Effort): Promise<Rate> {
  const { redis = 0 } = servicePids();
  const spent = watchCpu({ redis });
  const perSecond = await benchmark(zaddIn(namespace), effort);
  return { perSecond, cpuUs: { redis: (1000 * (spent().redis ?? Number.NaN)) / countOf(effort) } };
}

let zaddRuns = 0;

/**
 * A different range each time: redis-benchmark seeds by time and pid, which two of its runs can share. The second run
 * would then only repeat existing members, four times as fast.
 */
const zaddIn = (namespace: string): string[] => [
  ...['-r', String(followerCount + zaddRuns++)],
  ...zaddCommand.map((word) => word.replace(/^tl:/, `${namespace}:tl:`)),
];

/** Fills the sets until they are about as long as a timeline: writes to small sets are faster. */
async function fillSets(namespace: string, effort: Effort): Promise<void> {
  for (let count = countOf(effort); count < 0.9 * window * followerCount; count += 4 * countOf(effort)) {
    await benchmark(zaddIn(namespace), effort, 4);
  }
}

/** Requests/s as reported by redis-benchmark. */
async function benchmark(what: readonly string[], effort: Effort, times = 1): Promise<number> {
  const { hostname, port, password } = new URL(testUrls().redis);
  const { stdout } = await run('redis-benchmark', [
    ...[
      '-h',
      hostname,
      '-p',
      port || '6379',
      '-q',
      '-P',
      String(batch),
      '-n',
      String(times * countOf(effort)),
    ],
    ...(password === '' ? [] : ['-a', decodeURIComponent(password)]),
    ...what,
  ]);
  const told = [...stdout.matchAll(/([\d.]+) requests per second/g)].at(-1)?.[1];
  if (told === undefined) throw new Error(`redis-benchmark said: ${stdout}`);
  return Number(told);
}
