import type { Dashboard } from '../panels.ts';
import { graph } from '../panels.ts';
import { observationsPerSecond, orZero, quantile, shownSeries, sumPerSecond } from '../promql.ts';

const calls = 'twite_blob_store_call_duration_seconds';
const pool = { pool: 'media' };

export const media: Dashboard = {
  name: 'media',
  title: 'Twite: media and CDN',
  description: 'Uploads, the processes that make pictures, the store of files, and the CDN in front of it.',
  rows: [
    {
      title: 'Uploads',
      panels: [
        graph('Uploads', 'ops', 'By what came of them. `overloaded`: too many files wait for a process.', [
          ['{{outcome}}', sumPerSecond('twite_media_uploads_total', ['outcome'])],
        ]),
        graph('Uploaded bytes', 'Bps', 'Bytes of files that clients sent.', [
          ['received', sumPerSecond('twite_media_upload_bytes_total')],
        ]),
        graph(
          'Time of an upload',
          's',
          'From its headers until its answer, with the time that the client took to send it.',
          [
            [
              'p50',
              quantile(0.5, 'twite_http_request_duration_seconds', [], {
                operation: 'uploadMedia',
                status: '2xx',
              }),
            ],
            [
              'p99',
              quantile(0.99, 'twite_http_request_duration_seconds', [], {
                operation: 'uploadMedia',
                status: '2xx',
              }),
            ],
          ],
        ),
      ],
    },
    {
      title: 'Processing',
      panels: [
        graph(
          'Files in process',
          'short',
          'Files that are worked on and that wait, with the most that are worked on at a time.',
          [
            ['running', `sum(${shownSeries('twite_pool_tasks_running', pool)})`],
            ['waiting', `sum(${shownSeries('twite_pool_tasks_waiting', pool)})`],
            ['limit', `sum(${shownSeries('twite_pool_tasks_running_max', pool)})`],
          ],
        ),
        graph('Time of a file', 's', 'In its process, without the wait for one.', [
          ['p50', quantile(0.5, 'twite_pool_task_duration_seconds', [], pool)],
          ['p99', quantile(0.99, 'twite_pool_task_duration_seconds', [], pool)],
        ]),
        graph(
          'Refused and failed files',
          'ops',
          'Refused because too many wait; failed for the reason that is named.',
          [
            ['refused', orZero(sumPerSecond('twite_pool_tasks_refused_total', [], pool))],
            ['failed', orZero(sumPerSecond('twite_pool_task_failures_total', [], pool))],
          ],
        ),
        graph(
          'Processes',
          'short',
          'Child processes for files, of some 250 MB each. They end when there is no work.',
          [['processes', `sum(${shownSeries('twite_pool_processes', pool)})`]],
        ),
        graph(
          'Media jobs: oldest',
          's',
          'Age of the oldest video, deletion or withdrawal that is not done.',
          [
            [
              '{{queue}}',
              `max by (queue) (${shownSeries('twite_queue_oldest_message_age_seconds', { queue: 'jobs.media' })})`,
            ],
          ],
        ),
        graph('Media jobs: time', 's', 'The 99th percentile of the time of a job.', [
          [
            '{{queue}}',
            quantile(0.99, 'twite_queue_handle_duration_seconds', ['queue'], { queue: 'jobs.media' }),
          ],
        ]),
      ],
    },
    {
      title: 'Store of files',
      panels: [
        graph('Calls', 'ops', 'Calls of S3, or of the folder of media, by method.', [
          ['{{call}}', observationsPerSecond(calls, ['call'])],
        ]),
        graph('Time of a call', 's', 'The 99th percentile, by method.', [
          ['{{call}}', quantile(0.99, calls, ['call'])],
        ]),
        graph('Failed calls', 'ops', 'Calls that were answered with an error, or not in time.', [
          ['all', orZero(observationsPerSecond(calls, [], { outcome: '!=answered' }))],
        ]),
        graph('Bytes', 'Bps', 'Stored and read by the processes. The CDN reads the bucket by itself.', [
          ['{{direction}}', sumPerSecond('twite_blob_store_bytes_total', ['direction'])],
        ]),
        graph('Data folder', 'bytes', 'Of the embedded engine: the database and the files.', [
          ['{{part}}', `sum by (part) (${shownSeries('twite_data_bytes')})`],
        ]),
        graph(
          'Free disk',
          'bytes',
          'Of the embedded engine: on the disk of the data folder. At 0 it refuses writes and keeps reads.',
          [['free', `min(${shownSeries('twite_data_free_bytes')})`]],
        ),
      ],
    },
    {
      title: 'Delivery',
      panels: [
        graph(
          'Files from servers',
          'reqps',
          'Answers of /media by the servers: for the CDN, or for readers where there is none.',
          [['{{status}}', sumPerSecond('twite_http_requests_total', ['status'], { operation: 'media' })]],
        ),
        graph('Time of a file from servers', 's', 'Until the last byte was sent.', [
          ['p50', quantile(0.5, 'twite_http_request_duration_seconds', [], { operation: 'media' })],
          ['p99', quantile(0.99, 'twite_http_request_duration_seconds', [], { operation: 'media' })],
        ]),
        graph(
          'Files from the CDN',
          'reqps',
          'Answers of the CDN by class, as the gateway sees them. 5xx: the bucket is away, and the file was not in its cache.',
          [
            [
              '{{code}}',
              'sum by (code) (rate(haproxy_backend_http_responses_total{proxy="cdn"}[$__rate_interval]))',
            ],
          ],
        ),
        graph('Bytes from the CDN', 'Bps', 'What the CDN sends to readers.', [
          ['sent', 'sum(rate(haproxy_backend_bytes_out_total{proxy="cdn"}[$__rate_interval]))'],
        ]),
        graph(
          'Time of the CDN',
          's',
          'Until the first byte, the average of the last 1,024 answers. Misses wait for the bucket.',
          [['first byte', 'max(haproxy_backend_response_time_average_seconds{proxy="cdn"})']],
        ),
        graph('CDN is ready', 'short', 'Without it, the gateway asks `posts` for files.', [
          ['servers', 'max(haproxy_backend_active_servers{proxy="cdn"})'],
        ]),
      ],
    },
  ],
};
