import { Redis } from 'ioredis';
import { placeOf, type ServiceUrls } from '../connections.ts';
import { openElasticsearch } from '../elasticsearch/client.ts';
import { eraseSearch } from '../elasticsearch/erase-search.ts';
import { EngineOpenError } from '../engine-open-error.ts';
import { inTime } from '../in-time.ts';
import { openNeo4j } from '../neo4j/driver.ts';
import { eraseGraph } from '../neo4j/erase-graph.ts';
import { openRabbit } from '../rabbitmq/connection.ts';
import { deleteTopology, namesIn } from '../rabbitmq/topology.ts';

const answerMs = 5_000;

interface Erased extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly variable: string;
  ping(): Promise<unknown>;
  erase(namespace: string): Promise<void>;
}

/** The stores of what is derived from MongoDB, and of what is on its way to them. */
function openErased(urls: ServiceUrls): readonly Erased[] {
  const redis = new Redis(urls.redis, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Told by the command that fails.
  redis.on('error', () => {});
  const rabbit = openRabbit({ url: urls.rabbitmq, log: () => {}, name: 'twite erases' });
  const elasticsearch = openElasticsearch(urls.elasticsearch);
  const neo4j = openNeo4j(urls.neo4j);
  return [
    {
      name: 'Redis',
      url: urls.redis,
      variable: 'TWITE_REDIS_URL',
      ping: () => redis.ping(),
      async erase(namespace) {
        for await (const keys of redis.scanStream({ match: `${namespace}:*`, count: 1_000 })) {
          if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]));
        }
      },
      [Symbol.asyncDispose]: async () => redis.disconnect(),
    },
    {
      name: 'RabbitMQ',
      url: urls.rabbitmq,
      variable: 'TWITE_RABBITMQ_URL',
      ping: () => rabbit.ping(),
      erase: (namespace) => deleteTopology(rabbit.consuming, namesIn(namespace)),
      [Symbol.asyncDispose]: () => rabbit[Symbol.asyncDispose](),
    },
    {
      name: 'Elasticsearch',
      url: urls.elasticsearch,
      variable: 'TWITE_ELASTICSEARCH_URL',
      ping: () => elasticsearch.ping(),
      erase: (namespace) => eraseSearch(elasticsearch, namespace),
      [Symbol.asyncDispose]: () => elasticsearch.close(),
    },
    {
      name: 'Neo4j',
      url: urls.neo4j,
      variable: 'TWITE_NEO4J_URL',
      ping: () => neo4j.getServerInfo(),
      erase: (namespace) => eraseGraph(neo4j, namespace),
      [Symbol.asyncDispose]: () => neo4j.close(),
    },
  ];
}

/**
 * Refuses unless every store of what is derived answers, so that it can be erased. Changes nothing.
 * @throws EngineOpenError
 */
export const requireDerived = (urls: ServiceUrls): Promise<void> => withStores(urls, async () => {});

/**
 * Erases timelines, queues, search and graph of a namespace: they may be of newer data than MongoDB is about to hold, and
 * would refuse older. Changes nothing unless every store answers.
 * @throws EngineOpenError when one does not answer.
 */
export const eraseDerived = (urls: ServiceUrls, namespace: string): Promise<void> =>
  withStores(urls, async (stores) => {
    await Promise.all(stores.map((store) => store.erase(namespace)));
  });

async function withStores(
  urls: ServiceUrls,
  act: (stores: readonly Erased[]) => Promise<void>,
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const stores = openErased(urls);
  for (const store of stores) opened.use(store);
  await Promise.all(
    stores.map(async ({ name, url, variable, ping }) => {
      try {
        await inTime(ping(), answerMs, () => new Error('it takes too long'));
      } catch (error) {
        throw new EngineOpenError(
          `${name} does not answer at ${placeOf(url)}, or refuses us (${variable}): what it derived from other data has to be erased. Start it first.`,
          { cause: error },
        );
      }
    }),
  );
  await act(stores);
}
