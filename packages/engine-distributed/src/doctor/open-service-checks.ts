import type { Check } from '@twite/core/doctor/run-checks';
import type { ServiceUrls } from '../connections.ts';
import { openElasticsearch } from '../elasticsearch/client.ts';
import { openDatabases } from '../mongodb/databases.ts';
import { openNeo4j } from '../neo4j/driver.ts';
import { openS3 } from '../s3/client.ts';
import { graphChecks } from './graph-checks.ts';
import { instanceChecks, mongoChecks } from './mongodb-checks.ts';
import { objectsChecks } from './objects-checks.ts';
import { rabbitChecks } from './rabbitmq-checks.ts';
import { redisChecks } from './redis-checks.ts';
import { searchChecks } from './search-checks.ts';

export interface ServiceChecks extends AsyncDisposable {
  readonly checks: readonly Check[];
}

/** Checks of every service that has an address, and of the instance's data there. No service is required to answer. */
export function openServiceChecks(urls: ServiceUrls, namespace: string): ServiceChecks {
  const opened = new AsyncDisposableStack();
  const databases = opened.use(openDatabases(urls.mongodb, namespace));
  const { rabbitmq, elasticsearch, neo4j, s3 } = urls;
  const openSearch = (url: string) => opened.adopt(openElasticsearch(url), (client) => client.close());
  const openGraph = (url: string) => opened.adopt(openNeo4j(url), (driver) => driver.close());
  const sharesRedis = urls.redis === urls.redisLimits;
  return {
    checks: [
      ...mongoChecks(urls.mongodb, databases),
      ...redisChecks({
        name: 'redis',
        url: urls.redis,
        variable: 'TWITE_REDIS_URL',
        keepsLimits: sharesRedis,
      }),
      ...(sharesRedis
        ? []
        : redisChecks({
            name: 'redis-limits',
            url: urls.redisLimits,
            variable: 'TWITE_REDIS_LIMITS_URL',
            keepsLimits: true,
          })),
      ...(rabbitmq === null ? [] : rabbitChecks(rabbitmq, namespace)),
      ...(elasticsearch === null ? [] : searchChecks(openSearch(elasticsearch), elasticsearch, namespace)),
      ...(neo4j === null ? [] : graphChecks(openGraph(neo4j), neo4j)),
      ...(s3 === null ? [] : objectsChecks(opened.use(openS3(s3)))),
      ...instanceChecks(databases),
    ],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
