import type { Dashboard } from '../panels.ts';
import { graph, stat } from '../panels.ts';
import { observationsPerSecond, orZero, quantile, shownSeries, sumPerSecond } from '../promql.ts';

const calls = 'twite_dependency_call_duration_seconds';

export const dependencies: Dashboard = {
  name: 'dependencies',
  title: 'Twite: dependencies',
  description:
    'The stores and services that processes call, as seen by the processes and by their own metrics.',
  rows: [
    {
      title: 'As processes see them',
      panels: [
        stat(
          'Reachable',
          'bool_yes_no',
          'Whether each dependency responds to all processes that use it.',
          [['{{dependency}}', `min by (dependency) (${shownSeries('twite_dependency_up')})`]],
          {
            width: 12,
            steps: [
              { from: null, color: 'red' },
              { from: 1, color: 'green' },
            ],
          },
        ),
        stat(
          'Open circuit breakers',
          'short',
          'Processes that do not call a dependency because it keeps failing.',
          [['processes', orZero(`sum(${shownSeries('twite_circuit_breaker_open')})`)]],
          {
            width: 6,
            steps: [
              { from: null, color: 'green' },
              { from: 1, color: 'red' },
            ],
          },
        ),
        stat(
          'Processes without a machine number',
          'short',
          'They generate no ids and refuse writes until MongoDB is back.',
          [['processes', orZero(`count(${shownSeries('twite_machine_lease_held')} == 0)`)]],
          {
            width: 6,
            steps: [
              { from: null, color: 'green' },
              { from: 1, color: 'red' },
            ],
          },
        ),
        graph('Calls', 'ops', 'Calls to each dependency.', [
          ['{{dependency}}', observationsPerSecond(calls, ['dependency'])],
        ]),
        graph('Time of a call: median', 's', 'The median time of a call.', [
          ['{{dependency}}', quantile(0.5, calls, ['dependency'])],
        ]),
        graph(
          'Time of a call: 99th percentile',
          's',
          'Deadlines end calls: Redis after 150 ms, Neo4j 1 s, Elasticsearch 2 s, MongoDB and S3 5 s.',
          [['{{dependency}}', quantile(0.99, calls, ['dependency'])]],
        ),
        graph('Failed calls', 'ops', 'Calls that failed or missed their deadline.', [
          ['all', orZero(observationsPerSecond(calls, [], { outcome: '!=answered' }))],
          [
            '{{dependency}} {{outcome}}',
            observationsPerSecond(calls, ['dependency', 'outcome'], { outcome: '!=answered' }),
          ],
        ]),
        graph('Calls that breakers refused', 'ops', 'Calls rejected because the circuit breaker was open.', [
          ['{{dependency}}', sumPerSecond('twite_circuit_breaker_rejected_total', ['dependency'])],
        ]),
        graph(
          'Lost invalidations',
          'ops',
          'Invalidations that did not reach other processes, which bypass their caches until an invalidation arrives again.',
          [['all', orZero(sumPerSecond('twite_cache_bus_failures_total'))]],
        ),
      ],
    },
    {
      title: 'Caches of processes',
      panels: [
        graph(
          'Hits',
          'percentunit',
          'The hit rate of each cache.',
          [
            [
              '{{cache}}',
              `${sumPerSecond('twite_cache_requests_total', ['cache'], { result: 'hit' })} / ${sumPerSecond('twite_cache_requests_total', ['cache'])}`,
            ],
          ],
          { max: 1 },
        ),
        graph('Look-ups', 'ops', 'Lookups in each cache.', [
          ['{{cache}}', sumPerSecond('twite_cache_requests_total', ['cache'])],
        ]),
        graph('Entries', 'short', 'Entries in all processes. Every cache is bounded.', [
          ['{{cache}}', `sum by (cache) (${shownSeries('twite_cache_entries')})`],
        ]),
      ],
    },
    {
      title: 'MongoDB',
      panels: [
        graph('Operations', 'ops', 'Operations by type, as counted by MongoDB.', [
          ['{{type}}', 'sum by (type) (rate(mongodb_operations_total[$__rate_interval]))'],
        ]),
        graph('Connections', 'short', 'Connections. Each process opens up to 50 to a deployment.', [
          ['open', 'sum(mongodb_connections)'],
        ]),
        graph(
          'Cache',
          'bytes',
          'Data in memory. If it is full and MongoDB reads a lot from disk, raise TWITE_MONGODB_CACHE_GB.',
          [
            ['used', 'sum(mongodb_cache_bytes)'],
            ['dirty', 'sum(mongodb_cache_dirty_bytes)'],
            ['limit', 'sum(mongodb_cache_max_bytes)'],
          ],
        ),
        graph('Waiting operations', 'short', 'Operations waiting for a lock.', [
          ['{{type}}', 'sum by (type) (mongodb_waiting_operations)'],
        ]),
        graph('Data', 'bytes', 'Uncompressed size by database.', [
          ['{{database}}', 'sum by (database) (mongodb_data_bytes)'],
        ]),
        graph(
          'History',
          's',
          'How far back the oplog reaches. A relay that stops for longer starts with a snapshot.',
          [['window', 'min(mongodb_oplog_window_seconds)']],
        ),
      ],
    },
    {
      title: 'Redis',
      panels: [
        graph(
          'Memory',
          'bytes',
          'At its limit, Redis evicts the least recently used keys; timelines are then rebuilt.',
          [
            ['used', 'sum(redis_memory_used_bytes)'],
            ['limit', 'sum(redis_memory_max_bytes)'],
          ],
        ),
        graph('Commands', 'ops', 'Commands that Redis executed.', [
          ['commands', 'sum(rate(redis_commands_processed_total[$__rate_interval]))'],
        ]),
        graph(
          'Evicted keys',
          'ops',
          'Keys evicted because memory was full. If it stays above 0, give Redis more memory.',
          [['evicted', 'sum(rate(redis_evicted_keys_total[$__rate_interval]))']],
        ),
      ],
    },
    {
      title: 'Elasticsearch',
      panels: [
        graph(
          'Health',
          'bool_on_off',
          'Red: an index cannot be read. Yellow is normal for a single node.',
          [['{{color}}', 'max by (color) (elasticsearch_cluster_health_status)']],
          { max: 1 },
        ),
        graph(
          'Heap',
          'percentunit',
          'Used share of the heap. If it stays above 0.9, enlarge the heap.',
          [
            [
              '{{name}}',
              'max by (name) (elasticsearch_jvm_memory_used_bytes{area="heap"} / elasticsearch_jvm_memory_max_bytes{area="heap"})',
            ],
          ],
          { max: 1 },
        ),
        graph('Free disk', 'bytes', 'Elasticsearch refuses writes when 95 % of the disk is used.', [
          ['{{name}}', 'min by (name) (elasticsearch_filesystem_data_available_bytes)'],
        ]),
      ],
    },
    {
      title: 'Gateway',
      panels: [
        graph('Ready servers', 'short', 'Servers that the gateway sends requests to, by service.', [
          ['{{proxy}}', 'max by (proxy) (haproxy_backend_active_servers{proxy=~"posts|social|profile|cdn"})'],
        ]),
        graph(
          'Repeated requests',
          'ops',
          'Requests that the gateway sent to another server because the first one did not respond.',
          [
            [
              '{{proxy}}',
              'sum by (proxy) (rate(haproxy_backend_redispatch_warnings_total{proxy=~"posts|social|profile|cdn"}[$__rate_interval]))',
            ],
          ],
        ),
        graph('Time to answer', 's', 'The average of the last 1,024 responses, as measured by the gateway.', [
          [
            '{{proxy}}',
            'max by (proxy) (haproxy_backend_total_time_average_seconds{proxy=~"posts|social|profile|cdn"})',
          ],
        ]),
      ],
    },
  ],
};
