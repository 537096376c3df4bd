// The one-shot `logs-setup`: users, index template and retention in Elasticsearch, data view and saved searches in Kibana.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUp } from './set-up.mjs';

const [folder = '/secrets'] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, name), 'utf8').trim();

try {
  await setUp({
    elasticsearchUrl: read('elasticsearch-url'),
    kibanaUrl: 'http://kibana:5601',
    retention: process.env.TWITE_LOG_RETENTION || '14d',
    passwords: {
      systemPassword: read('kibana-system-password'),
      filebeatPassword: read('filebeat-password'),
      operatorPassword: read('operator-password'),
    },
    tell: (text) => console.log(`logs-setup: ${text}`),
  });
} catch (error) {
  console.error(`logs-setup: ${error.message}`);
  process.exitCode = 1;
}
