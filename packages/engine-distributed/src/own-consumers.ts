import type { Client } from '@elastic/elasticsearch';
import type { Driver } from 'neo4j-driver';
import type { Dependency } from './dependency.ts';
import { purgeTombstones } from './elasticsearch/stored-documents.ts';
import type { Log } from './log.ts';
import type { MongoContext } from './mongodb/mongo-context.ts';
import { repairCounts } from './mongodb/repair-counts.ts';
import { keepGraph } from './neo4j/keep-graph.ts';
import type { Broker } from './rabbitmq/broker.ts';
import type { EnvelopeHandler } from './rabbitmq/event-stream.ts';
import type { OwnConsumerName } from './rabbitmq/topology.ts';
import { repeat } from './repeat.ts';

export interface OwnConsumersContext {
  readonly broker: Broker;
  readonly context: MongoContext;
  readonly neo4j: Driver;
  readonly elasticsearch: Client;
  readonly namespace: string;
  readonly dependencies: {
    /** Both with time for a batch. */
    readonly mongodbBatches: Dependency;
    readonly graphWrites: Dependency;
  };
  readonly log: Log;
}

const sweepEveryMs = 1_000;
const purgeEveryMs = 3_600_000;

/** What this engine derives by itself: counts that a crash or their size left behind, and the graph. */
export async function startOwnConsumers(
  names: readonly OwnConsumerName[],
  { broker, context, neo4j, elasticsearch, namespace, dependencies, log }: OwnConsumersContext,
): Promise<AsyncDisposable> {
  const handlers: Readonly<Record<OwnConsumerName, EnvelopeHandler>> = {
    counts: (envelopes) => dependencies.mongodbBatches.call(() => repairCounts(context, envelopes)),
    graph: (envelopes) =>
      dependencies.graphWrites.call(() =>
        dependencies.mongodbBatches.call(() =>
          keepGraph(
            { driver: neo4j, collections: context.collections, namespace },
            envelopes.map(({ event }) => event),
          ),
        ),
      ),
  };
  await using starting = new AsyncDisposableStack();
  const consumers = names.map((name) => broker.events.consumeEnvelopes(name, handlers[name]));
  if (names.includes('counts')) consumers.push(broker.drainDeadLetters());
  for (const started of await Promise.all(consumers)) starting.use(started);
  if (names.includes('counts')) {
    starting.use(repeat('counts', sweepEveryMs, () => context.counts.sweepDirty(), log));
    starting.use(repeat('tombstones', purgeEveryMs, () => purgeTombstones(elasticsearch, namespace), log));
  }
  return starting.move();
}
