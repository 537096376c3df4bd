import type { MetricName } from '@twite/process/metrics/metric-catalogue';
import type { Dashboard } from '../panels.ts';
import { graph, stat } from '../panels.ts';
import { orZero, quantile, shownSeries, sumPerSecond } from '../promql.ts';

/** Every process reports the same about a queue. */
const ofQueues = (name: MetricName): readonly [string, string] => [
  '{{queue}}',
  `max by (queue) (${shownSeries(name)})`,
];

export const queues: Dashboard = {
  name: 'queues',
  title: 'Twite: queues and workers',
  description:
    'Events and jobs: what waits, for how long, what the workers do with it, and whether the relay keeps up.',
  rows: [
    {
      title: 'Now',
      panels: [
        stat('Waiting', 'short', 'Messages that wait in all queues.', [
          ['messages', `sum(max by (queue) (${shownSeries('twite_queue_messages_ready')}))`],
        ]),
        stat(
          'Oldest message',
          's',
          'Of all queues. Above a minute: start workers.',
          [['age', `max(${shownSeries('twite_queue_oldest_message_age_seconds')})`]],
          {
            steps: [
              { from: null, color: 'green' },
              { from: 60, color: 'yellow' },
              { from: 300, color: 'red' },
            ],
          },
        ),
        stat(
          'Parked',
          'short',
          'Messages that were given up: `twite admin queues list`.',
          [['messages', `sum(max by (queue) (${shownSeries('twite_queue_messages_parked')}))`]],
          {
            steps: [
              { from: null, color: 'green' },
              { from: 1, color: 'red' },
            ],
          },
        ),
        stat(
          'Relay leads',
          'bool_yes_no',
          'Whether a relay leads, for every MongoDB deployment. The embedded engine has none.',
          [['{{deployment}}', `max by (deployment) (${shownSeries('twite_relay_leader')})`]],
          {
            steps: [
              { from: null, color: 'red' },
              { from: 1, color: 'green' },
            ],
          },
        ),
        stat(
          'Relay lag',
          's',
          'How far the relay is behind MongoDB.',
          [['lag', `max(${shownSeries('twite_relay_lag_seconds')})`]],
          {
            steps: [
              { from: null, color: 'green' },
              { from: 10, color: 'yellow' },
              { from: 60, color: 'red' },
            ],
          },
        ),
        stat(
          'Queues without workers',
          'short',
          'Queues that no process consumes.',
          [['queues', orZero(`count(max by (queue) (${shownSeries('twite_queue_workers')}) == 0)`)]],
          {
            steps: [
              { from: null, color: 'green' },
              { from: 1, color: 'red' },
            ],
          },
        ),
      ],
    },
    {
      title: 'Queues',
      panels: [
        graph('Waiting messages', 'short', 'Messages that no worker has taken yet.', [
          ofQueues('twite_queue_messages_ready'),
        ]),
        graph('Messages in flight', 'short', 'Messages that workers hold and have not finished.', [
          ofQueues('twite_queue_messages_in_flight'),
        ]),
        graph(
          'Age of the oldest message',
          's',
          'Since the oldest unfinished message happened. It grows while a dependency of the consumer is away.',
          [ofQueues('twite_queue_oldest_message_age_seconds')],
        ),
        graph('Parked messages', 'short', 'Messages that failed five times or cannot be read.', [
          ofQueues('twite_queue_messages_parked'),
        ]),
        graph(
          'Delay until a worker has it',
          's',
          'The 99th percentile, from the change in MongoDB, or from when a job was due.',
          [['{{queue}}', quantile(0.99, 'twite_queue_delivery_delay_seconds', ['queue'])]],
        ),
        graph('Workers', 'short', 'Processes that consume each queue.', [ofQueues('twite_queue_workers')]),
      ],
    },
    {
      title: 'Workers',
      panels: [
        graph('Handled messages', 'ops', 'Messages that were handled, by queue.', [
          ['{{queue}}', sumPerSecond('twite_queue_handled_total', ['queue'], { outcome: 'handled' })],
        ]),
        graph(
          'Retried and parked messages',
          'ops',
          'Retries rise while something fails; what fails five times is parked.',
          [
            ['retried', orZero(sumPerSecond('twite_queue_handled_total', [], { outcome: 'retried' }))],
            ['parked', orZero(sumPerSecond('twite_queue_handled_total', [], { outcome: 'parked' }))],
          ],
        ),
        graph('Time of a batch or job', 's', 'The 99th percentile of the time that a handler takes.', [
          ['{{queue}}', quantile(0.99, 'twite_queue_handle_duration_seconds', ['queue'])],
        ]),
        graph(
          'Event loop of workers',
          'percentunit',
          'Part of the time that a worker’s main thread was busy. At 1 it is the limit: start another.',
          [
            [
              '{{job}} {{instance}}',
              `rate(${shownSeries('twite_event_loop_active_seconds_total')}[$__rate_interval]) and on (job, instance) ${shownSeries('twite_build_info', { role: '=~worker|all|embedded' })}`,
            ],
          ],
          { max: 1 },
        ),
        graph(
          'Published jobs',
          'ops',
          'Jobs, and parked messages that were replayed, that processes gave to the queues.',
          [['{{kind}}', sumPerSecond('twite_queue_published_total', ['kind'])]],
        ),
      ],
    },
    {
      title: 'Relay',
      panels: [
        graph(
          'Lag',
          's',
          'How far the relay is behind MongoDB. Past the history of MongoDB it begins anew with a snapshot.',
          [
            ['lag', `max(${shownSeries('twite_relay_lag_seconds')})`],
            ['history of MongoDB', 'min(mongodb_oplog_window_seconds)'],
          ],
        ),
        graph('Relayed messages', 'ops', 'Events that the relay published and the broker confirmed.', [
          ['{{kind}}', sumPerSecond('twite_relay_published_total', ['kind'])],
        ]),
        graph(
          'Leader',
          'bool_on_off',
          '1 for the process that leads. It moves within ten seconds when the leader ends.',
          [['{{instance}} {{deployment}}', shownSeries('twite_relay_leader')]],
          { max: 1 },
        ),
      ],
    },
    {
      title: 'RabbitMQ',
      panels: [
        graph('Messages in the broker', 'short', 'As RabbitMQ counts them, by queue.', [
          ['{{queue}}', 'sum by (queue) (rabbitmq_detailed_queue_messages{vhost="/"})'],
        ]),
        graph('Consumers in the broker', 'short', 'As RabbitMQ counts them, by queue.', [
          ['{{queue}}', 'sum by (queue) (rabbitmq_detailed_queue_consumers{vhost="/"})'],
        ]),
        graph('Memory of the broker', 'bytes', 'At its limit RabbitMQ stops publishers: the relay waits.', [
          ['used', 'sum(rabbitmq_process_resident_memory_bytes)'],
          ['limit', 'sum(rabbitmq_resident_memory_limit_bytes)'],
        ]),
        graph('Disk of the broker', 'bytes', 'Below its limit RabbitMQ stops publishers.', [
          ['free', 'min(rabbitmq_disk_space_available_bytes)'],
          ['limit', 'max(rabbitmq_disk_space_available_limit_bytes)'],
        ]),
        graph('Connections of the broker', 'short', 'Connections and channels that are open.', [
          ['connections', 'sum(rabbitmq_connections)'],
          ['channels', 'sum(rabbitmq_channels)'],
        ]),
      ],
    },
  ],
};
