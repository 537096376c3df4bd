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
    'Events and jobs: waiting messages, their age, the work of the workers, and the lag of the relay.',
  rows: [
    {
      title: 'Now',
      panels: [
        stat('Waiting', 'short', 'Messages waiting in all queues.', [
          ['messages', `sum(max by (queue) (${shownSeries('twite_queue_messages_ready')}))`],
        ]),
        stat(
          'Oldest message',
          's',
          'Age of the oldest message of all queues. Above a minute: start workers.',
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
          'Messages set aside after five failures: `twite admin queues list`.',
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
          'Lag of the relay behind MongoDB.',
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
        graph('Waiting messages', 'short', 'Messages that no worker has received yet.', [
          ofQueues('twite_queue_messages_ready'),
        ]),
        graph('Messages in flight', 'short', 'Messages that workers have received and not finished.', [
          ofQueues('twite_queue_messages_in_flight'),
        ]),
        graph(
          'Age of the oldest message',
          's',
          'Age of the oldest unfinished message. It grows while a dependency of the consumer is unavailable.',
          [ofQueues('twite_queue_oldest_message_age_seconds')],
        ),
        graph('Parked messages', 'short', 'Messages that failed five times or could not be read.', [
          ofQueues('twite_queue_messages_parked'),
        ]),
        graph(
          'Delay until a worker has it',
          's',
          'The 99th percentile of the time from the change in MongoDB, or from the due time of a job.',
          [['{{queue}}', quantile(0.99, 'twite_queue_delivery_delay_seconds', ['queue'])]],
        ),
        graph('Workers', 'short', 'Processes that consume each queue.', [ofQueues('twite_queue_workers')]),
      ],
    },
    {
      title: 'Workers',
      panels: [
        graph('Handled messages', 'ops', 'Handled messages by queue.', [
          ['{{queue}}', sumPerSecond('twite_queue_handled_total', ['queue'], { outcome: 'handled' })],
        ]),
        graph(
          'Retried and parked messages',
          'ops',
          'Retries rise while handlers fail; messages that fail five times are parked.',
          [
            ['retried', orZero(sumPerSecond('twite_queue_handled_total', [], { outcome: 'retried' }))],
            ['parked', orZero(sumPerSecond('twite_queue_handled_total', [], { outcome: 'parked' }))],
          ],
        ),
        graph('Time of a batch or job', 's', 'The 99th percentile of the handling time.', [
          ['{{queue}}', quantile(0.99, 'twite_queue_handle_duration_seconds', ['queue'])],
        ]),
        graph(
          'Event loop of workers',
          'percentunit',
          'Utilization of a worker’s main thread. At 1 it is saturated: start another worker.',
          [
            [
              '{{job}} {{instance}}',
              `rate(${shownSeries('twite_event_loop_active_seconds_total')}[$__rate_interval]) and on (job, instance) ${shownSeries('twite_build_info', { role: '=~worker|all|embedded' })}`,
            ],
          ],
          { max: 1 },
        ),
        graph('Published jobs', 'ops', 'Jobs and replayed messages that processes published.', [
          ['{{kind}}', sumPerSecond('twite_queue_published_total', ['kind'])],
        ]),
      ],
    },
    {
      title: 'Relay',
      panels: [
        graph(
          'Lag',
          's',
          'Lag of the relay behind MongoDB. If it exceeds the oplog, the relay starts with a snapshot.',
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
        graph('Messages in the broker', 'short', 'Counts from RabbitMQ, by queue.', [
          ['{{queue}}', 'sum by (queue) (rabbitmq_detailed_queue_messages{vhost="/"})'],
        ]),
        graph('Consumers in the broker', 'short', 'Counts from RabbitMQ, by queue.', [
          ['{{queue}}', 'sum by (queue) (rabbitmq_detailed_queue_consumers{vhost="/"})'],
        ]),
        graph(
          'Memory of the broker',
          'bytes',
          'At its limit, RabbitMQ blocks publishers and the relay waits.',
          [
            ['used', 'sum(rabbitmq_process_resident_memory_bytes)'],
            ['limit', 'sum(rabbitmq_resident_memory_limit_bytes)'],
          ],
        ),
        graph('Disk of the broker', 'bytes', 'Below the limit, RabbitMQ blocks publishers.', [
          ['free', 'min(rabbitmq_disk_space_available_bytes)'],
          ['limit', 'max(rabbitmq_disk_space_available_limit_bytes)'],
        ]),
        graph('Connections of the broker', 'short', 'Open connections and channels.', [
          ['connections', 'sum(rabbitmq_connections)'],
          ['channels', 'sum(rabbitmq_channels)'],
        ]),
      ],
    },
  ],
};
