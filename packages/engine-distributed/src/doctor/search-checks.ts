import type { Client } from '@elastic/elasticsearch';
import { judgeClock } from '@twite/core/doctor/clocks';
import { type Check, fail, pass, warn } from '@twite/core/doctor/run-checks';
import { judgeVersion } from '@twite/core/doctor/versions';
import { placeOf } from '../connections.ts';
import { aliasOf, hasOldAnalysis, searchKinds } from '../elasticsearch/indices.ts';

const supported = { least: '9.0', below: '10.0' };

export function searchChecks(client: Client, url: string, namespace: string): readonly Check[] {
  const place = placeOf(url);
  const fix = `Start Elasticsearch at ${place}, or correct TWITE_ELASTICSEARCH_URL, its user and its password.`;
  const aliases = searchKinds.map((kind) => aliasOf(namespace, kind));
  return [
    {
      name: 'elasticsearch',
      fix,
      async find() {
        await client.info();
        return pass(`answers at ${place}`);
      },
    },
    {
      name: 'elasticsearch version',
      needs: 'elasticsearch',
      fix,
      async find() {
        const { version } = await client.info();
        return judgeVersion('Elasticsearch', version.number, supported);
      },
    },
    {
      name: 'elasticsearch clock',
      needs: 'elasticsearch',
      fix,
      async find() {
        const askedAt = Date.now();
        const { headers } = await client.info({}, { meta: true });
        const date = Date.parse(String(headers?.date ?? ''));
        if (Number.isNaN(date)) return pass('Elasticsearch does not report its time');
        // The header has a resolution of one second.
        return judgeClock('Elasticsearch', date, askedAt, Date.now(), 1_000);
      },
    },
    {
      name: 'elasticsearch health',
      needs: 'elasticsearch',
      fix,
      async find() {
        const {
          status,
          number_of_nodes: nodes,
          unassigned_shards: unassigned,
        } = await client.cluster.health();
        const words = `${status}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${unassigned} shards without one`;
        const explain = 'GET /_cluster/allocation/explain tells why.';
        if (status.toLowerCase() === 'red') return fail(words, explain);
        // A single node cannot hold replicas.
        if (status.toLowerCase() === 'yellow' && nodes > 1) return warn(words, explain);
        return pass(words);
      },
    },
    {
      name: 'search index',
      needs: 'elasticsearch',
      fix: `Give the user of TWITE_ELASTICSEARCH_URL manage, read and write on ${namespace}-*.`,
      async find() {
        const there = await Promise.all(aliases.map((name) => client.indices.existsAlias({ name })));
        if (there.every((exists) => !exists)) return pass('there is none yet; the first start creates it');
        const missing = aliases.filter((_, index) => !there[index]);
        if (missing.length > 0) return fail(`${missing.join(', ')} is missing`, 'twite admin search rebuild');
        const settings = await client.indices.getSettings({ index: aliases, name: 'index.blocks.*' });
        const isBlocked = JSON.stringify(settings).includes('"read_only_allow_delete":"true"');
        if (isBlocked) {
          return fail(
            'it refuses writes because the disk of Elasticsearch is almost full',
            'Free disk space; it then accepts writes again automatically.',
          );
        }
        if (await hasOldAnalysis(client, namespace)) {
          return warn(
            'an older release built it, so searches in some scripts miss results',
            'A worker that runs the consumer counts rebuilds it; twite admin search rebuild does so now.',
          );
        }
        return pass(`${aliases.join(' and ')} exist`);
      },
    },
  ];
}
