import { setTimeout as wait } from 'node:timers/promises';
import { createTwite } from '@twite/sdk';
import pMap from 'p-map';
import { watchCpu } from '../cpu.ts';
import { type Effort, type Figure, list, round, told } from '../figures.ts';
import { repeatAtRate } from '../load.ts';
import type { Started } from '../processes.ts';
import { percentile } from '../statistics.ts';
import { fillNetwork, graphFile, type Network } from './graph.ts';
import { type Instance, openInstance, servicePids } from './instance.ts';
import { untilQuiet } from './metrics.ts';
import { sizes } from './sizes.ts';
import { skipChanges } from './skip-changes.ts';
import { postToVisible } from './visible.ts';

export interface Running {
  readonly instance: Instance;
  readonly network: Network;
  readonly server: Started;
  readonly worker: Started;
  readonly relay: Started;
}

/** All measurements with the network of Reed98: on one filled instance, as filling takes a while. */
export async function networkMeasures(effort: Effort): Promise<Figure[]> {
  const file = graphFile();
  if (file === undefined) {
    console.error(
      'left out: post → visible and what else goes by the people of Reed98, as socfb-Reed98.edges is not beside the checkout (../shared/data/socfb-Reed98/): name it with TWITE_TEST_GRAPH',
    );
    return [];
  }
  await using instance = await openInstance();
  {
    await using first = await instance.relay();
    await untilPlaced(instance);
    void first;
  }
  const startedAt = performance.now();
  const filled = await fillNetwork(instance, file);
  await skipChanges(instance);
  const fillSeconds = (performance.now() - startedAt) / 1000;
  console.error(
    `  ${filled.people.length} people and ${filled.follows} follows took ${round(fillSeconds, 0)} s to fill in`,
  );
  await using relay = await instance.relay();
  await using server = await instance.server();
  await using worker = await instance.worker();
  await wait(3_000);
  const idle = { server: server.rss(), worker: worker.rss(), relay: relay.rss() };
  const clients = filled.people.map(({ session }) =>
    createTwite({ baseUrl: server.url, session, timeoutMs: 60_000 }),
  );
  const running: Running = { instance, network: { ...filled, clients }, server, worker, relay };
  return [
    ...Object.entries(idle).map(([name, rss]) =>
      told(`idle RSS of ${name}`, rss, 'MB', '3 s after its start, nothing done'),
    ),
    await postToVisible(running, effort),
    ...(await costs(running, effort)),
    await throughput(running, effort),
    await followThroughput(running, effort),
    ...(await sizes(running)),
  ];
}

const sumOf = (times: Readonly<Record<string, number>>): number =>
  Object.values(times).reduce((sum, ms) => sum + ms, 0);

/** CPU time of one action, over Twite's processes; next to it that of the services. */
async function costOf(
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

async function costs(running: Running, effort: Effort): Promise<Figure[]> {
  const { network } = running;
  const seconds = effort.seconds * 2;
  const readers = network.clients.filter((_, at) => at % 4 === 0);
  await pMap(readers, (reader) => reader.timelines.home({ limit: 20 }), { concurrency: 8 });
  let turn = 0;
  const home = await costOf(running, seconds, 'a home read', async (time) => {
    const reading = repeatAtRate(400, () =>
      (readers[turn++ % readers.length] as (typeof readers)[number]).timelines.home({ limit: 20 }),
    );
    await wait(time * 1000);
    return reading.stop();
  });
  const post = await costOf(running, seconds, 'a post', async (time) => {
    const writing = repeatAtRate(50, () =>
      (network.clients[(turn++ * 37) % network.clients.length] as (typeof readers)[number]).posts.create({
        text: `A post of a few words, as most of them are, and its number is ${turn} #bench`,
      }),
    );
    await wait(time * 1000);
    return writing.stop();
  });
  return [home, post];
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

/** Waits until the relay has started, so that later writes arrive as changes. */
async function untilPlaced({ raw }: Instance): Promise<void> {
  while ((await raw.collections.relays.countDocuments({ resumeToken: { $exists: true } })) === 0) {
    await wait(50);
  }
}
