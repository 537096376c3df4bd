import type { GuardedElasticsearch, GuardedNeo4j } from './connections.ts';
import type { CallGuard } from './dependency.ts';
import { renewAnalysis } from './elasticsearch/renew-analysis.ts';
import { purgeTombstones } from './elasticsearch/stored-documents.ts';
import type { Log } from './log.ts';
import type { MongoContext } from './mongodb/mongo-context.ts';
import { repairCounts } from './mongodb/repair-counts.ts';
import { searchWalks } from './mongodb/search-walks.ts';
import { createSoleRunner } from './mongodb/sole-runner.ts';
import { keepGraph } from './neo4j/keep-graph.ts';
import type { OwnConsumerName } from './own-consumer-names.ts';
import type { Broker } from './rabbitmq/broker.ts';
import type { EnvelopeHandler } from './rabbitmq/event-stream.ts';
import { repeat } from './repeat.ts';

export interface OwnConsumersContext {
  /** Null, like the next two: this process has no address for it and may not run consumers that need it. */
  readonly broker: Broker | null;
  readonly neo4j: GuardedNeo4j | null;
  readonly elasticsearch: Pick<GuardedElasticsearch, 'client'> | null;
  readonly context: MongoContext;
  /** Allows enough time for a batch. */
  readonly mongodb: CallGuard;
  readonly namespace: string;
  readonly processId: string;
  readonly log: Log;
}

const missing = (service: string): never => {
  throw new Error(`a consumer needs the address of ${service}`);
};

const sweepEveryMs = 1_000;
const purgeEveryMs = 3_600_000;
const analysisCheckedEveryMs = 10_000;

/**
 * Starts the engine's own consumers: they recount counts left behind by a crash or because of their size, update the
 * graph, and maintain the index.
 */
export async function startOwnConsumers(
  names: readonly OwnConsumerName[],
  given: OwnConsumersContext,
): Promise<AsyncDisposable> {
  await using starting = new AsyncDisposableStack();
  if (names.length === 0) return starting.move();
  const { context, mongodb, namespace, log } = given;
  const broker = given.broker ?? missing('RabbitMQ');
  const neo4j = names.includes('graph') ? (given.neo4j ?? missing('Neo4j')) : null;
  const elasticsearch = names.includes('counts') ? (given.elasticsearch ?? missing('Elasticsearch')) : null;
  const handlers: { readonly [C in OwnConsumerName]: EnvelopeHandler<C> } = {
    counts: (envelopes) => mongodb.call(() => repairCounts(context, envelopes)),
    graph: (envelopes) => {
      const { driver, writes } = neo4j as GuardedNeo4j;
      return writes.call(
        () =>
          mongodb.call(() =>
            keepGraph(
              { driver, collections: context.collections, namespace },
              envelopes.map(({ event }) => event),
            ),
          ),
        'keepGraph',
      );
    },
  };
  const consume = <C extends OwnConsumerName>(name: C) =>
    broker.events.consumeEnvelopes<C>(name, handlers[name]);
  const consumers = names.map(consume);
  if (names.includes('counts')) consumers.push(broker.drainDeadLetters());
  for (const started of await Promise.all(consumers)) starting.use(started);
  if (elasticsearch !== null) {
    const { client } = elasticsearch;
    const sole = starting.use(
      createSoleRunner({ leases: context.collections.leases, id: 'upkeep', holder: given.processId }),
    );
    const repeatAlone = (
      task: string,
      everyMs: number,
      run: (signal: AbortSignal) => Promise<unknown>,
    ): AsyncDisposable => repeat(task, everyMs, (signal) => sole.run(run, signal), log);
    starting.use(repeatAlone('counts', sweepEveryMs, () => context.counts.sweepDirty({ mayPostpone: true })));
    starting.use(
      repeatAlone('tombstones', purgeEveryMs, (signal) => purgeTombstones(client, namespace, { signal })),
    );
    const walks = searchWalks(context.collections);
    starting.use(
      repeatAlone('search analysis', analysisCheckedEveryMs, (signal) =>
        renewAnalysis({ client, namespace, walks, log, signal }),
      ),
    );
  }
  return starting.move();
}
