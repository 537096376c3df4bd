import { Redis } from 'ioredis';
import { openElasticsearch } from '../elasticsearch/client.ts';
import { aliasOf, type SearchKind } from '../elasticsearch/indices.ts';
import { type Collections, openDatabases } from '../mongodb/databases.ts';
import { openNeo4j } from '../neo4j/driver.ts';
import { timelineKey } from '../redis/keys.ts';
import { testUrls } from './test-services.ts';

/** Direct access to the stores of an engine: for tests that corrupt their content. */
export interface RawServices extends AsyncDisposable {
  readonly collections: Collections;
  indexDelete(kind: SearchKind, id: string): Promise<void>;
  /** Indexes a post that does not exist. */
  indexPost(postId: string, authorId: string): Promise<void>;
  /** Marks the index as one of the first release, whose analysis has no version. */
  indexForgetAnalysis(): Promise<void>;
  /** `$space` is provided. */
  cypher(query: string, parameters: Readonly<Record<string, string>>): Promise<void>;
  timelineRemove(accountId: string, postId: string): Promise<void>;
}

export function openRawServices(namespace: string): RawServices {
  const urls = testUrls();
  const databases = openDatabases(urls.mongodb, namespace);
  const client = openElasticsearch(urls.elasticsearch);
  const driver = openNeo4j(urls.neo4j, 30_000);
  const redis = new Redis(urls.redis);
  return {
    collections: databases.collections,
    async indexDelete(kind, id) {
      await client.delete({ index: aliasOf(namespace, kind), id, refresh: true });
    },
    async indexPost(postId, authorId) {
      const document = { postId, authorId, visibility: 'public', words: 'said', tags: [] };
      const index = aliasOf(namespace, 'posts');
      await client.index({
        index,
        id: postId,
        version: 3,
        version_type: 'external',
        document,
        refresh: true,
      });
    },
    async indexForgetAnalysis() {
      await client.indices.putMapping({ index: aliasOf(namespace, 'posts'), _meta: {} });
    },
    async cypher(query, parameters) {
      await driver.executeQuery(query, { ...parameters, space: namespace });
    },
    async timelineRemove(accountId, postId) {
      await redis.lrem(timelineKey(namespace, accountId), 1, postId);
    },
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await Promise.all([databases[Symbol.asyncDispose](), client.close(), driver.close()]);
    },
  };
}
