import { runSuites } from '@twite/conformance';
import { describe } from 'vitest';
import { eraseSearch } from '../testing/erase-search.ts';
import { partEngine } from '../testing/part-engine.ts';
import { randomNamespace } from '../testing/random-namespace.ts';
import { openElasticsearch } from './client.ts';
import { ElasticsearchSearchIndex } from './search-index.ts';

const url = process.env.TWITE_TEST_ELASTICSEARCH_URL ?? '';

describe.runIf(url !== '')('on Elasticsearch', () => {
  runSuites(
    {
      name: 'the index in Elasticsearch',
      async open() {
        const client = openElasticsearch(url);
        const namespace = randomNamespace();
        const search = new ElasticsearchSearchIndex(client, namespace);
        return partEngine(
          { search },
          {
            settled: () => search.settle(),
            async close() {
              await eraseSearch(client, namespace);
              await client.close();
            },
          },
        );
      },
    },
    ['search'],
  );
});
