import { setTimeout as wait } from 'node:timers/promises';
import { createTwite } from '@twite/sdk';
import pMap from 'p-map';
import { type Effort, type Figure, round, told } from '../figures.ts';
import { repeatAtRate } from '../load.ts';
import type { Started } from '../processes.ts';
import { fillNetwork, graphFile, type Network } from './graph.ts';
import { type Instance, openInstance } from './instance.ts';
import { sizes } from './sizes.ts';
import { skipChanges } from './skip-changes.ts';
import { costOf } from './writes.ts';

export interface Running extends AsyncDisposable {
  readonly instance: Instance;
  readonly network: Network;
  readonly server: Started;
  readonly worker: Started;
  readonly relay: Started;
}

/**
 * A filled instance with the network of Reed98 and its processes; undefined, with advice, when the graph is not on this
 * machine.
 */
export async function openNetwork(): Promise<Running | undefined> {
  const file = graphFile();
  if (file === undefined) {
    console.error(
      'skipped: socfb-Reed98.edges is not beside the checkout (../shared/data/socfb-Reed98/). Set TWITE_TEST_GRAPH to its path.',
    );
    return undefined;
  }
  await using opening = new AsyncDisposableStack();
  const instance = opening.use(await openInstance());
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
  const relay = opening.use(await instance.relay());
  const server = opening.use(await instance.server());
  const worker = opening.use(await instance.worker());
  const clients = filled.people.map(({ session }) =>
    createTwite({ baseUrl: server.url, session, timeoutMs: 60_000 }),
  );
  const resources = opening.move();
  return {
    instance,
    network: { ...filled, clients },
    server,
    worker,
    relay,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Memory, the cost of a home read, and the sizes of stored data. */
export async function networkMeasures(effort: Effort): Promise<Figure[]> {
  await using running = await openNetwork();
  if (running === undefined) return [];
  const { server, worker, relay } = running;
  await wait(3_000);
  const idle = { server: server.rss(), worker: worker.rss(), relay: relay.rss() };
  return [
    ...Object.entries(idle).map(([name, rss]) =>
      told(`idle RSS of ${name}`, rss, 'MB', '3 s after its start, without requests'),
    ),
    await homeCost(running, effort),
    ...(await sizes(running)),
  ];
}

async function homeCost(running: Running, effort: Effort): Promise<Figure> {
  const readers = running.network.clients.filter((_, at) => at % 4 === 0);
  await pMap(readers, (reader) => reader.timelines.home({ limit: 20 }), { concurrency: 8 });
  let turn = 0;
  return costOf(running, effort.seconds * 2, 'a home read', async (time) => {
    const reading = repeatAtRate(400, async () => {
      turn += 1;
      await readers[turn % readers.length]?.timelines.home({ limit: 20 });
    });
    await wait(time * 1000);
    return reading.stop();
  });
}

/** Waits until the relay has started, so that later writes arrive as changes. */
async function untilPlaced({ raw }: Instance): Promise<void> {
  while ((await raw.collections.relays.countDocuments({ resumeToken: { $exists: true } })) === 0) {
    await wait(50);
  }
}
