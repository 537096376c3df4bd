import { Redis } from 'ioredis';
import type { AllServiceUrls } from '../connections.ts';
import { openElasticsearch } from '../elasticsearch/client.ts';
import { databaseNames, openDatabases } from '../mongodb/databases.ts';
import { openNeo4j } from '../neo4j/driver.ts';
import { openRabbit } from '../rabbitmq/connection.ts';
import { deleteTopology, namesIn } from '../rabbitmq/topology.ts';
import { eraseGraph } from './erase-graph.ts';
import { eraseSearch } from './erase-search.ts';

/** Erases all that is in some namespaces from the servers: for tests and benchmarks, whose engines are closed. */
export async function eraseNamespace(urls: AllServiceUrls, namespaces: readonly string[]): Promise<void> {
  await Promise.all([
    eraseMongo(urls, namespaces),
    eraseRedis(urls.redis, namespaces),
    eraseRabbit(urls.rabbitmq, namespaces),
    eraseElasticsearch(urls.elasticsearch, namespaces),
    eraseNeo4j(urls.neo4j, namespaces),
  ]);
}

async function eraseMongo(urls: AllServiceUrls, namespaces: readonly string[]): Promise<void> {
  for (const namespace of namespaces) {
    await using databases = openDatabases(urls.mongodb, namespace);
    for (const name of databaseNames) await databases.db(name).dropDatabase();
  }
}

async function eraseRedis(url: string, namespaces: readonly string[]): Promise<void> {
  const redis = new Redis(url);
  const mine = new Set(namespaces);
  for await (const keys of redis.scanStream({ count: 1_000 })) {
    const ours = (keys as string[]).filter((key) => mine.has(key.split(':')[0] ?? ''));
    if (ours.length > 0) await redis.unlink(...ours);
  }
  await redis.quit();
}

async function eraseRabbit(url: string, namespaces: readonly string[]): Promise<void> {
  await using rabbit = openRabbit({ url, log: () => {} });
  for (const namespace of namespaces) await deleteTopology(rabbit.consuming, namesIn(namespace));
}

async function eraseElasticsearch(url: string, namespaces: readonly string[]): Promise<void> {
  const client = openElasticsearch(url);
  for (const namespace of namespaces) await eraseSearch(client, namespace);
  await client.close();
}

async function eraseNeo4j(url: string, namespaces: readonly string[]): Promise<void> {
  const driver = openNeo4j(url);
  for (const namespace of namespaces) await eraseGraph(driver, namespace);
  await driver.close();
}
