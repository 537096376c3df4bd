import type { Dashboard } from '../panels.ts';
import { graph } from '../panels.ts';
import { observationsPerSecond, orZero, quantile, shownSeries, sumPerSecond } from '../promql.ts';

const calls = 'twite_blob_store_call_duration_seconds';
const pool = { pool: 'media' };

export const media: Dashboard = {
  name: 'media',
  title: 'Twite: media and CDN',
  description: 'Uploads, media processing, the object store, and the CDN in front of it.',
  rows: [
    {
      title: 'Uploads',
      panels: [
        graph(
          'Uploads',
          'ops',
          'Uploads by outcome. `overloaded`: too many files are waiting for a process.',
          [['{{outcome}}', sumPerSecond('twite_media_uploads_total', ['outcome'])]],
        ),
        graph('Uploaded bytes', 'Bps', 'Bytes of files that clients sent.', [
          ['received', sumPerSecond('twite_media_upload_bytes_total')],
        ]),
        graph(
          'Time of an upload',
          's',
          'Time from the headers to the response, including the time to send the file.',
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
          'Running and waiting files, and the maximum number of running ones.',
          [
            ['running', `sum(${shownSeries('twite_pool_tasks_running', pool)})`],
            ['waiting', `sum(${shownSeries('twite_pool_tasks_waiting', pool)})`],
            ['limit', `sum(${shownSeries('twite_pool_tasks_running_max', pool)})`],
          ],
        ),
        graph('Time of a file', 's', 'Time of a file in its process, excluding the wait for the process.', [
          ['p50', quantile(0.5, 'twite_pool_task_duration_seconds', [], pool)],
          ['p99', quantile(0.99, 'twite_pool_task_duration_seconds', [], pool)],
        ]),
        graph(
          'Refused and failed files',
          'ops',
          'Files refused because too many are waiting, and failed files by reason.',
          [
            ['refused', orZero(sumPerSecond('twite_pool_tasks_refused_total', [], pool))],
            ['failed', orZero(sumPerSecond('twite_pool_task_failures_total', [], pool))],
          ],
        ),
        graph(
          'Processes',
          'short',
          'Child processes for files, about 250 MB each. They exit when there is no work.',
          [['processes', `sum(${shownSeries('twite_pool_processes', pool)})`]],
        ),
        graph(
          'Media jobs: oldest',
          's',
          'Age of the oldest unfinished job: a video, a deletion or a withdrawal.',
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
        graph('Calls', 'ops', 'Calls to S3 or to the media folder, by method.', [
          ['{{call}}', observationsPerSecond(calls, ['call'])],
        ]),
        graph('Time of a call', 's', 'The 99th percentile, by method.', [
          ['{{call}}', quantile(0.99, calls, ['call'])],
        ]),
        graph('Failed calls', 'ops', 'Calls that failed or missed their deadline.', [
          ['all', orZero(observationsPerSecond(calls, [], { outcome: '!=answered' }))],
        ]),
        graph('Bytes', 'Bps', 'Bytes stored and read by the processes. The CDN reads the bucket directly.', [
          ['{{direction}}', sumPerSecond('twite_blob_store_bytes_total', ['direction'])],
        ]),
        graph('Data folder', 'bytes', 'Embedded engine: size of the database and the files.', [
          ['{{part}}', `sum by (part) (${shownSeries('twite_data_bytes')})`],
        ]),
        graph(
          'Free disk',
          'bytes',
          'Embedded engine: free space on the disk of the data folder. At 0, writes are refused and reads work.',
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
          'Responses of /media by the servers, to the CDN, or to readers if there is no CDN.',
          [['{{status}}', sumPerSecond('twite_http_requests_total', ['status'], { operation: 'media' })]],
        ),
        graph('Time of a file from servers', 's', 'Time until the last byte was sent.', [
          ['p50', quantile(0.5, 'twite_http_request_duration_seconds', [], { operation: 'media' })],
          ['p99', quantile(0.99, 'twite_http_request_duration_seconds', [], { operation: 'media' })],
        ]),
        graph(
          'Files from the CDN',
          'reqps',
          'Responses of the CDN by class, as seen by the gateway. 5xx: the bucket is unavailable and the file was not cached.',
          [
            [
              '{{code}}',
              'sum by (code) (rate(haproxy_backend_http_responses_total{proxy="cdn"}[$__rate_interval]))',
            ],
          ],
        ),
        graph('Bytes from the CDN', 'Bps', 'Bytes that the CDN sends to readers.', [
          ['sent', 'sum(rate(haproxy_backend_bytes_out_total{proxy="cdn"}[$__rate_interval]))'],
        ]),
        graph(
          'Time of the CDN',
          's',
          'Time until the first byte, the average of the last 1,024 responses. Misses wait for the bucket.',
          [['first byte', 'max(haproxy_backend_response_time_average_seconds{proxy="cdn"})']],
        ),
        graph('CDN is ready', 'short', 'Without the CDN, the gateway reads files from `posts`.', [
          ['servers', 'max(haproxy_backend_active_servers{proxy="cdn"})'],
        ]),
      ],
    },
  ],
};
