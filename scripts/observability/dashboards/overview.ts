import type { Dashboard, Panel } from '../panels.ts';
import { graph, stat } from '../panels.ts';
import { orZero, quantile, select, shownSeries, sumPerSecond } from '../promql.ts';
import { type Slo, slos } from '../slos.ts';

const month = '30d';
const average = (name: string, slo: string): string => `avg_over_time(${select(name, { slo })}[${month}])`;

const achieved = ({ name, title, description, objective }: Slo): Panel =>
  stat(
    title,
    'percentunit',
    `${description} Over 30 days; the objective is ${objective * 100} %.`,
    [
      [
        title,
        `1 - ${average('twite:slo_errors:rate5m', name)} / ${average('twite:slo_events:rate5m', name)}`,
      ],
    ],
    {
      width: 5,
      decimals: 3,
      max: 1,
      steps: [
        { from: null, color: 'red' },
        { from: objective, color: 'green' },
      ],
    },
  );

export const overview: Dashboard = {
  name: 'overview',
  title: 'Twite: overview',
  description: 'Whether the instance meets its objectives, its load, and the state of its processes.',
  rows: [
    {
      title: 'Objectives',
      panels: [
        ...slos.map(achieved),
        stat(
          'Firing alerts',
          'short',
          'Firing alerts. Prometheus lists them; each links to its runbook.',
          [['alerts', orZero('count(ALERTS{alertstate="firing"})')]],
          {
            width: 5,
            steps: [
              { from: null, color: 'green' },
              { from: 1, color: 'red' },
            ],
          },
        ),
        stat('Processes', 'short', 'Processes that Prometheus can reach, by role.', [
          ['{{role}}', `count by (role) (${shownSeries('twite_build_info')})`],
        ]),
        graph(
          'Error budget left',
          'percentunit',
          'The remaining share of the error budget of 30 days. At 0 the objective is missed.',
          [
            [
              '{{slo}}',
              `clamp_min(1 - avg_over_time(twite:slo_errors:rate5m[${month}]) / avg_over_time(twite:slo_events:rate5m[${month}]) / on (slo) (1 - twite:slo_objective:ratio), 0)`,
            ],
          ],
          { width: 12, max: 1 },
        ),
        graph(
          'Burn rate',
          'none',
          'How fast the budget is used up: at 1 it lasts exactly 30 days. 14.4 over an hour alerts immediately.',
          [['{{slo}}', 'twite:slo_error_ratio:rate1h / on (slo) (1 - twite:slo_objective:ratio)']],
          {
            width: 12,
            steps: [
              { from: null, color: 'green' },
              { from: 1, color: 'yellow' },
              { from: 14.4, color: 'red' },
            ],
          },
        ),
      ],
    },
    {
      title: 'Requests',
      panels: [
        graph(
          'Requests by status',
          'reqps',
          'All responses of the servers. 4xx are caused by clients; 5xx count against availability.',
          [['{{status}}', sumPerSecond('twite_http_requests_total', ['status'])]],
          { stacked: true },
        ),
        graph('Time to answer', 's', 'Quantiles of all operations except files and pages.', [
          [
            'p50',
            quantile(0.5, 'twite_http_request_duration_seconds', [], { operation: '!~media|page|none' }),
          ],
          [
            'p99',
            quantile(0.99, 'twite_http_request_duration_seconds', [], { operation: '!~media|page|none' }),
          ],
        ]),
        graph('Slowest operations', 's', 'The 99th percentile of the five slowest operations.', [
          [
            '{{operation}}',
            `topk(5, ${quantile(0.99, 'twite_http_request_duration_seconds', ['operation'])})`,
          ],
        ]),
        graph('Busiest operations', 'reqps', 'The eight most frequent operations.', [
          ['{{operation}}', `topk(8, ${sumPerSecond('twite_http_requests_total', ['operation'])})`],
        ]),
        graph(
          'Failed requests',
          'reqps',
          '5xx responses by status. 503 can be an outage of a dependency or overload.',
          [
            ['all', orZero(sumPerSecond('twite_http_requests_total', [], { status: '=~5..' }))],
            [
              '{{operation}} {{status}}',
              sumPerSecond('twite_http_requests_total', ['operation', 'status'], { status: '=~5..' }),
            ],
          ],
        ),
        graph(
          'Refused requests',
          'reqps',
          'Requests refused because the server was overloaded (503) or the client exceeded a rate limit (429).',
          [
            ['overload', orZero(sumPerSecond('twite_http_requests_shed_total'))],
            ['rate limits', orZero(sumPerSecond('twite_rate_limited_total'))],
          ],
        ),
        graph(
          'Requests in flight',
          'short',
          'Requests in progress. The number grows when a dependency hangs.',
          [['{{job}} {{instance}}', shownSeries('twite_http_requests_in_flight')]],
        ),
        graph(
          'Sign-ins',
          'ops',
          'Sign-in attempts by outcome. Many failures can indicate password guessing.',
          [['{{outcome}}', sumPerSecond('twite_sign_ins_total', ['outcome'])]],
        ),
        graph(
          'Gateway',
          'reqps',
          'Responses of the gateway by class, including files.',
          [
            [
              '{{code}}',
              'sum by (code) (rate(haproxy_frontend_http_responses_total{proxy="api"}[$__rate_interval]))',
            ],
          ],
          { stacked: true },
        ),
      ],
    },
    {
      title: 'Processes',
      panels: [
        graph(
          'Event loop: busy',
          'percentunit',
          'Utilization of the main thread. Above 0.7, responses become slower: add replicas.',
          [
            [
              '{{job}} {{instance}}',
              `rate(${shownSeries('twite_event_loop_active_seconds_total')}[$__rate_interval])`,
            ],
          ],
          {
            max: 1,
            steps: [
              { from: null, color: 'green' },
              { from: 0.7, color: 'yellow' },
              { from: 0.9, color: 'red' },
            ],
          },
        ),
        graph(
          'Event loop: delay',
          's',
          'The 99th percentile since the last scrape. Load is shed when it is long.',
          [['{{job}} {{instance}}', shownSeries('nodejs_eventloop_lag_p99_seconds')]],
        ),
        graph('CPU', 'none', 'Cores that each process uses, without its child processes.', [
          ['{{job}} {{instance}}', `rate(${shownSeries('process_cpu_seconds_total')}[$__rate_interval])`],
        ]),
        graph(
          'Memory',
          'bytes',
          'Memory of each process, without its child processes. It should not grow from day to day.',
          [['{{job}} {{instance}}', shownSeries('process_resident_memory_bytes')]],
        ),
        graph(
          'Work in child processes',
          'short',
          'Running and waiting passwords and pictures. New ones are refused when too many are waiting.',
          [
            ['{{pool}} running', `sum by (pool) (${shownSeries('twite_pool_tasks_running')})`],
            ['{{pool}} waiting', `sum by (pool) (${shownSeries('twite_pool_tasks_waiting')})`],
          ],
        ),
        graph('Uptime', 's', 'Uptime of each process. A sawtooth is a process that keeps restarting.', [
          ['{{job}} {{instance}}', `time() - ${shownSeries('process_start_time_seconds')}`],
        ]),
      ],
    },
  ],
};
