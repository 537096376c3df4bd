import type { Dashboard } from '../panels.ts';
import { graph } from '../panels.ts';
import { observationsPerSecond, orZero, quantile, shownSeries, sumPerSecond } from '../promql.ts';

const operation = (name: string) => ({ operation: name, status: '2xx' });
const latency = (name: string) =>
  [
    ['p50', quantile(0.5, 'twite_http_request_duration_seconds', [], operation(name))],
    ['p99', quantile(0.99, 'twite_http_request_duration_seconds', [], operation(name))],
  ] as const;

const delay = (name: 'twite_post_delivery_delay_seconds' | 'twite_post_searchable_delay_seconds') =>
  [
    ['p50', quantile(0.5, name)],
    ['p95', quantile(0.95, name)],
    ['p99', quantile(0.99, name)],
  ] as const;

/** Caches that timeline reads use. */
const timelineCaches = { cache: '=~timelines|posts|sharedPosts|accounts|followees|hiddenFrom' };

export const posting: Dashboard = {
  name: 'posting',
  title: 'Twite: posting and timelines',
  description: 'From the request that writes a post to the timelines and searches that show it.',
  rows: [
    {
      title: 'Writing',
      panels: [
        graph('Posts', 'reqps', 'Written posts, replies and likes.', [
          [
            '{{operation}}',
            sumPerSecond('twite_http_requests_total', ['operation'], {
              operation: '=~createPost|createReply|likePost|likeReply',
              status: '=~2..',
            }),
          ],
        ]),
        graph(
          'Time to write a post',
          's',
          'Time of createPost. A post is durable before the response.',
          latency('createPost'),
        ),
        graph(
          'Time of writes in the primary store',
          's',
          'Calls to the store of posts, by dependency: median and 99th percentile.',
          [
            [
              '{{dependency}} p50',
              quantile(0.5, 'twite_dependency_call_duration_seconds', ['dependency'], {
                dependency: '=~sqlite|mongodb.*',
              }),
            ],
            [
              '{{dependency}} p99',
              quantile(0.99, 'twite_dependency_call_duration_seconds', ['dependency'], {
                dependency: '=~sqlite|mongodb.*',
              }),
            ],
          ],
        ),
      ],
    },
    {
      title: 'Delivery',
      panels: [
        graph(
          'Delay until timelines',
          's',
          'Time from a post until it was pushed to a chunk of followers. The objective: 99 % within 2.5 s.',
          delay('twite_post_delivery_delay_seconds'),
          {
            steps: [
              { from: null, color: 'green' },
              { from: 2.5, color: 'red' },
            ],
          },
        ),
        graph(
          'Delay until searches',
          's',
          'Time from a post until a search finds it. Elasticsearch refreshes once a second.',
          delay('twite_post_searchable_delay_seconds'),
        ),
        graph(
          'Pushes to timelines',
          'ops',
          'Timelines that posts were pushed to. Posts of popular accounts are merged on read instead.',
          [
            ['pushes', sumPerSecond('twite_timeline_pushes_total')],
            ['chunks', observationsPerSecond('twite_post_delivery_delay_seconds')],
          ],
        ),
        graph(
          'Fan-out: oldest message',
          's',
          'Age of the oldest undelivered post or chunk. Above a minute: start workers.',
          [
            [
              '{{queue}}',
              `max by (queue) (${shownSeries('twite_queue_oldest_message_age_seconds', { queue: '=~fanOut|jobs.fanOut' })})`,
            ],
          ],
        ),
        graph('Fan-out: waiting', 'short', 'Posts and chunks waiting for a worker.', [
          [
            '{{queue}}',
            `max by (queue) (${shownSeries('twite_queue_messages_ready', { queue: '=~fanOut|jobs.fanOut' })})`,
          ],
        ]),
        graph('Fan-out: time of a batch', 's', 'The 99th percentile of the handling time in a worker.', [
          [
            '{{queue}}',
            quantile(0.99, 'twite_queue_handle_duration_seconds', ['queue'], {
              queue: '=~fanOut|jobs.fanOut',
            }),
          ],
        ]),
      ],
    },
    {
      title: 'Reading',
      panels: [
        graph(
          'Time to read a home timeline',
          's',
          'The objective: 99 % within 250 ms.',
          latency('getHomeTimeline'),
          {
            steps: [
              { from: null, color: 'green' },
              { from: 0.25, color: 'red' },
            ],
          },
        ),
        graph(
          'Time to read a profile’s posts',
          's',
          'Time of listAccountPosts, the posts of one account.',
          latency('listAccountPosts'),
        ),
        graph(
          'Time to search',
          's',
          'Time of searchPosts, which uses Elasticsearch or SQLite.',
          latency('searchPosts'),
        ),
        graph('Reads', 'reqps', 'Completed reads of home timelines, profiles, single posts and searches.', [
          [
            '{{operation}}',
            sumPerSecond('twite_http_requests_total', ['operation'], {
              operation: '=~getHomeTimeline|listAccountPosts|getPost|searchPosts',
              status: '=~2..',
            }),
          ],
        ]),
        graph(
          'Cache hits',
          'percentunit',
          'Cache hit rates. A warm home read uses no database; below 0.9, many reads do.',
          [
            [
              '{{cache}}',
              `${sumPerSecond('twite_cache_requests_total', ['cache'], { ...timelineCaches, result: 'hit' })} / ${sumPerSecond('twite_cache_requests_total', ['cache'], timelineCaches)}`,
            ],
          ],
          { max: 1 },
        ),
        graph('Reads that were refused', 'reqps', 'Failed reads of home timelines, by status.', [
          [
            'all',
            orZero(
              sumPerSecond('twite_http_requests_total', [], {
                operation: 'getHomeTimeline',
                status: '=~4..|5..',
              }),
            ),
          ],
        ]),
      ],
    },
  ],
};
