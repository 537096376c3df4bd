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

/** The stores of data derived from MongoDB, and of messages on their way to them. */
function openErased({ redis: redisUrl, rabbitmq, elasticsearch, neo4j }: ServiceUrls): readonly Erased[] {
  return [
    erasedRedis(redisUrl),
    ...(rabbitmq === null ? [] : [erasedRabbit(rabbitmq)]),
    ...(elasticsearch === null ? [] : [erasedSearch(elasticsearch)]),
    ...(neo4j === null ? [] : [erasedGraph(neo4j)]),
  ];
}

function erasedRedis(url: string): Erased {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  // The failing command reports the error.
  redis.on('error', () => {});
  return {
    name: 'Redis',
    url,
    variable: 'TWITE_REDIS_URL',
    ping: () => redis.ping(),
    async erase(namespace) {
      for await (const keys of redis.scanStream({ match: `${namespace}:*`, count: 1_000 })) {
        if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]));
      }
    },
    [Symbol.asyncDispose]: async () => redis.disconnect(),
  };
}

function erasedRabbit(url: string): Erased {
  const rabbit = openRabbit({ url, log: () => {}, name: 'twite erases' });
  return {
    name: 'RabbitMQ',
    url,
    variable: 'TWITE_RABBITMQ_URL',
    ping: () => rabbit.ping(),
    erase: (namespace) => deleteTopology(rabbit.consuming, namesIn(namespace)),
    [Symbol.asyncDispose]: () => rabbit[Symbol.asyncDispose](),
  };
}

function erasedSearch(url: string): Erased {
  const client = openElasticsearch(url);
  return {
    name: 'Elasticsearch',
    url,
    variable: 'TWITE_ELASTICSEARCH_URL',
    ping: () => client.ping(),
    erase: (namespace) => eraseSearch(client, namespace),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

function erasedGraph(url: string): Erased {
  const driver = openNeo4j(url, answerMs);
  return {
    name: 'Neo4j',
    url,
    variable: 'TWITE_NEO4J_URL',
    ping: () => driver.getServerInfo(),
    erase: (namespace) => eraseGraph(driver, namespace),
    [Symbol.asyncDispose]: () => driver.close(),
  };
}

/**
 * Requires that every store of derived data has an address and answers, so that it can be erased. Changes nothing.
 * @throws EngineOpenError
 */
export async function requireDerived(urls: ServiceUrls): Promise<void> {
  const unnamed = Object.entries({
    TWITE_RABBITMQ_URL: urls.rabbitmq,
    TWITE_ELASTICSEARCH_URL: urls.elasticsearch,
    TWITE_NEO4J_URL: urls.neo4j,
    TWITE_S3_URL: urls.s3?.url ?? null,
  }).flatMap(([variable, url]) => (url === null ? [variable] : []));
  if (unnamed.length > 0) {
    throw new EngineOpenError(
      `${unnamed.join(' and ')} must be set: what these services hold has to be erased, or filled`,
    );
  }
  await withStores(urls, async () => {});
}

/**
 * Erases the timelines, queues, search index and graph of a namespace: they may hold newer data than MongoDB is about
 * to hold, and would refuse older data. Changes nothing unless every store answers.
 * @throws EngineOpenError when a store does not answer.
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
