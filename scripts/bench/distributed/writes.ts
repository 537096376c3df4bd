import { setTimeout as wait } from 'node:timers/promises';
import pMap from 'p-map';
import { watchCpu } from '../cpu.ts';
import { type Effort, type Figure, list, round, told } from '../figures.ts';
import { repeatAtRate } from '../load.ts';
import { percentile } from '../statistics.ts';
import { servicePids } from './instance.ts';
import { untilQuiet } from './metrics.ts';
import { openNetwork, type Running } from './network.ts';
import { postToVisible } from './visible.ts';

/** The cost of writes, their rates, and how soon followers see a post, in the network of Reed98. */
export async function writeMeasures(effort: Effort): Promise<Figure[]> {
  await using running = await openNetwork();
  if (running === undefined) return [];
  return [
    await postToVisible(running, effort),
    await postCost(running, effort),
    await throughput(running, effort),
    await followThroughput(running, effort),
    await likeThroughput(running, effort),
  ];
}

const sumOf = (times: Readonly<Record<string, number>>): number =>
  Object.values(times).reduce((sum, ms) => sum + ms, 0);

/** CPU time of one action, over Twite's processes; next to it that of the services. */
export async function costOf(
  { server, worker, relay }: Running,
  seconds: number,
  what: string,
  act: (seconds: number) => Promise<number>,
): Promise<Figure> {
  const ours = { server: server.pid, worker: worker.pid, relay: relay.pid };
  const services = servicePids();
  const idleSince = [watchCpu(ours), watchCpu(services)] as const;
  await wait(seconds * 1000);
  const idle = { ...idleSince[0](), ...idleSince[1]() };
  const since = [watchCpu(ours), watchCpu(services)] as const;
  const times = await act(seconds);
  // Includes follow-up work, such as the fan-out.
  await untilQuiet(relay, worker);
  const each = (spent: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(spent).map(([name, ms]) => [name, Math.max(0, ms - (idle[name] ?? 0)) / times]),
    );
  const spent = each(since[0]());
  const beside = each(since[1]());
  const tell = (part: Readonly<Record<string, number>>) =>
    Object.entries(part)
      .map(([name, ms]) => `${name} ${round(ms, 3)}`)
      .join(', ');
  return told(
    `CPU of ${what} over all processes`,
    sumOf(spent),
    'ms',
    `${tell(spent)}; the services beside: ${tell(beside)}, ${round(sumOf(beside), 2)} in all; ${times} times, less what idling takes`,
    3,
  );
}

function postCost(running: Running, effort: Effort): Promise<Figure> {
  const { clients } = running.network;
  let turn = 0;
  return costOf(running, effort.seconds * 2, 'a post', async (time) => {
    const writing = repeatAtRate(50, async () => {
      turn += 1;
      await clients[(turn * 37) % clients.length]?.posts.create({
        text: `A post of a few words, as most of them are, and its number is ${turn} #bench`,
      });
    });
    await wait(time * 1000);
    return writing.stop();
  });
}

const width = 24;

/** At the highest rate of one server, until every consumer has caught up. */
async function sustained(
  { relay, worker }: Running,
  effort: Effort,
  what: string,
  more: string,
  act: (turn: number) => Promise<unknown>,
): Promise<Figure> {
  const started = performance.now();
  const until = started + effort.seconds * 2_000;
  let turn = 0;
  const times: number[] = [];
  const lane = async () => {
    while (performance.now() < until) {
      const since = performance.now();
      await act(turn++);
      times.push(performance.now() - since);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  const done = times.length;
  const written = (performance.now() - started) / 1000;
  const through = ((await untilQuiet(relay, worker)) - started) / 1000;
  return told(
    `${what}/s that one server, worker and relay sustain`,
    done / through,
    '/s',
    `${done}, ${width} at a time: answered at ${round(done / written, 0)}/s (p50 and p99 ${list([percentile(times, 0.5), percentile(times, 0.99)], 0)} ms), all consumers through after ${round(through, 1)} s${more}`,
    0,
  );
}

const throughput = (running: Running, effort: Effort): Promise<Figure> => {
  const { clients, people, follows } = running.network;
  const followers = `; ${round(follows / people.length, 0)} followers in the mean`;
  return sustained(running, effort, 'posts', followers, async (turn) => {
    const author = clients[(turn * 37) % clients.length];
    await author?.posts.create({ text: `A post of a few words, and its number is ${turn} #bench` });
  });
};

/** Between accounts that do not follow each other yet. */
const followThroughput = (running: Running, effort: Effort): Promise<Figure> => {
  const { clients, people, friends } = running.network;
  return sustained(running, effort, 'follows', '', async (turn) => {
    const follower = (turn * 37) % people.length;
    const strangers = [...people.keys()].filter((at) => at !== follower && !friends[follower]?.includes(at));
    const followee = strangers[(turn * 101) % strangers.length] ?? 0;
    await clients[follower]?.accounts.follow({ accountId: people[followee]?.accountId ?? '' });
  });
};

/** Of the newest posts, each by many accounts. */
async function likeThroughput(running: Running, effort: Effort): Promise<Figure> {
  const { clients } = running.network;
  const posts = await pMap(
    clients.slice(0, 100),
    (author, at) => author.posts.create({ text: `A post to like, number ${at}` }),
    { concurrency: 8 },
  );
  return sustained(running, effort, 'likes', '', async (turn) => {
    const postId = posts[turn % posts.length]?.postId ?? '';
    await clients[(turn * 37 + Math.floor(turn / posts.length)) % clients.length]?.posts.like({ postId });
  });
}
