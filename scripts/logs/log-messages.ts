/** The documentation of a log message, for operators. */
export interface LogMessage {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  /** What happened, and what to do about it, if anything. */
  readonly meaning: string;
}

const debug = (meaning: string): LogMessage => ({ level: 'debug', meaning });
const info = (meaning: string): LogMessage => ({ level: 'info', meaning });
const warn = (meaning: string): LogMessage => ({ level: 'warn', meaning });
const error = (meaning: string): LogMessage => ({ level: 'error', meaning });
const fatal = (meaning: string): LogMessage => ({ level: 'fatal', meaning });

/** Every message of every process, by area. A test compares it with the code. */
export const logMessages: Readonly<Record<string, Readonly<Record<string, LogMessage>>>> = {
  Processes: {
    'process ready': info('The process is serving at `url` and `metricsUrl`.'),
    'start delayed': warn(
      'MongoDB is not available yet; `err` has the reason. The process retries in `retryInMs`.',
    ),
    'dependency not reachable': warn(
      '`dependency` did not respond at the start, or refused the credentials in `variable`. `degraded` says what does not work.',
    ),
    'shutdown started': info('The process received `signal` and finishes its current work.'),
    'shutdown completed': info('The process exits with code 0.'),
    'shutdown forced': info('A second `signal` ended the process immediately.'),
    'shutdown failed': fatal('Something could not be closed. The process exits with code 1.'),
    'requests cut off at shutdown': warn(
      'Requests took longer than `drainSeconds`. Raise `TWITE_DRAIN_SECONDS`.',
    ),
    'uncaught exception': fatal('A bug. The process exits with code 1; report `err`.'),
    'unhandled rejection': fatal('A bug. The process exits with code 1; report `err`.'),
    'engine failed': fatal('The process can no longer trust its memory, and exits with code 1.'),
    'upkeep failed': warn('A periodic clean-up (`task`) failed. It runs again automatically.'),
  },
  Requests: {
    'request completed': info(
      'A request was completed. Reads are at `debug`, responses with 500 and above at `error`; in a terminal, all others are at `debug`.',
    ),
    'request aborted': info('The client disconnected before it received the whole response.'),
    'connection broken': debug('The client closed its connection during a request.'),
    'unhandled request error': error(
      'A bug: the client got 500 `internal_error` with this `requestId`; report `err`.',
    ),
    'undeclared response status': error('A bug: the contract does not declare this `status`.'),
    'invalid response body': error('A bug: the response does not match the contract; see `issues`.'),
    'response stream failed': error(
      'The source of a response failed, so the connection was closed before the end.',
    ),
    'shedding load': warn(
      'The server is saturated and refuses requests with 503, searches and public lists first.',
    ),
    'rate limiting per process': warn('Redis is unavailable, so each process counts rate limits separately.'),
    'rate limiting shared again': info('Redis counts rate limits for all processes again.'),
  },
  Dependencies: {
    'circuit breaker opened': error(
      '`dependency` keeps failing and is not called until a probe succeeds. See the runbook for its outage.',
    ),
    'circuit breaker closed': info('`dependency` is available again.'),
    'mongodb monitor stalled': warn(
      'The driver stopped receiving the state of MongoDB; its connections are reopened.',
    ),
    'mongodb reconnect failed': warn('The driver could not be restarted. Twite retries.'),
    'redis disconnected': warn('Timelines and caches fall back to MongoDB until Redis is back.'),
    'redis reconnected': info('The connection to Redis is up again.'),
    'rabbitmq disconnected': warn(
      'Nothing is published or consumed until RabbitMQ is back. Nothing is lost.',
    ),
    'rabbitmq reconnected': info('The connection to RabbitMQ is up again.'),
    'rabbitmq blocked publishers': warn(
      'RabbitMQ is short of memory or disk (`reason`): events wait in MongoDB.',
    ),
    'rabbitmq unblocked publishers': info('RabbitMQ accepts messages again.'),
    'trace export failed': warn('The OTLP endpoint does not accept spans, which are dropped.'),
    'trace export recovered': info('Spans are exported again.'),
    'cache invalidations delayed': warn(
      'Other processes receive invalidations when Redis is back; they bypass their caches meanwhile.',
    ),
    'cache invalidation failed': warn('The relay could not publish a cache invalidation.'),
    'media bucket created': info('The bucket did not exist.'),
    'media bucket missing': error('Uploads fail until the bucket exists; `hint` says what to do.'),
    'media bucket not public': warn(
      'A CDN cannot read the bucket directly; `hint` says what to allow. Servers still serve media.',
    ),
  },
  Relay: {
    'relay gained leadership': info('This relay publishes the changes of MongoDB; all others stand by.'),
    'relay lost leadership': info(
      'Another relay leads, or this one stops. If no relay takes over, see the runbook for a missing leader.',
    ),
    'relay lease check failed': warn('The lease could not be read or renewed in MongoDB. The relay retries.'),
    'relay older than the data': warn('A newer release has changed the data. Upgrade this relay.'),
    'relay snapshot started': info(
      'MongoDB or RabbitMQ is new, or the change history was lost: all data is published again.',
    ),
    'relay snapshot completed': info('`events` were published; the relay follows changes from here.'),
    'relay failed': warn(
      'Publishing failed `failures` times in a row. The relay continues from its last position.',
    ),
    'relay history lost': warn(
      'MongoDB no longer has the changes since the last position. A snapshot follows. Enlarge the oplog.',
    ),
    'relay position not saved': warn('Changes are published again after a restart. Handlers are idempotent.'),
    'unreadable change parked': error(
      'A change in `collection` could not be read: `twite admin queues show relay`.',
    ),
  },
  Queues: {
    'message handling failed': warn('A handler failed; each message is retried, up to five attempts.'),
    'message parked': error(
      'A message failed five times and was set aside: `twite admin queues show QUEUE`.',
    ),
    'message not parked': warn('A message that failed five times could not be set aside yet. Twite retries.'),
    'message not postponed': warn('A failed job could not be stored for later yet. Twite retries.'),
    'dead letter parked': error(
      'RabbitMQ dead-lettered a message that kept crashing its consumers: `twite admin queues show QUEUE`.',
    ),
    'queue waiting for dependency': warn(
      'The queue waits until `dependency` is back. Messages do not count as failed.',
    ),
    'due jobs not published': warn('Due jobs stay in MongoDB until the next attempt.'),
    'publish channel not opened': warn('Messages wait in this process until a channel to RabbitMQ opens.'),
    'publish channel failed': warn('RabbitMQ closed the channel. Unconfirmed messages are published again.'),
    'consumer not started': warn('The queue cannot be consumed; `err` has the reason. Twite retries.'),
    'consumer channel failed': warn(
      'RabbitMQ closed the channel. Unacknowledged messages are delivered again.',
    ),
    'consumer not cancelled': warn('RabbitMQ did not confirm the end of a consumer at shutdown.'),
  },
  'Identifiers and schema': {
    'machine number lease renewal failed': warn(
      'MongoDB did not renew the lease that makes ids unique. Twite retries.',
    ),
    'machine number lease lost': error(
      'The process refuses writes until the lease is renewed: check MongoDB.',
    ),
    'machine number lease regained': info('The process accepts writes again.'),
    'machine number not released': warn('The lease expires automatically.'),
    'migration started': info('`migration` began or continues.'),
    'migration completed': info('`migration` changed `done` documents.'),
    'migration waiting for another process': info('Another process runs the migrations of this `stage`.'),
    'migration taken over by another process': warn(
      'This process was too slow to renew its lease; the other one continues.',
    ),
    'background migration failed': warn('Twite retries; `err` has the reason.'),
    'indexes built': info('`indexes` of `collection` took `seconds`.'),
    'recount deferred': warn('Counts could not be updated. Twite retries later.'),
  },
  Rebuilds: {
    'search rebuild started': info('A new index is filled next to the old one.'),
    'search rebuild completed': info('Searches use the new index.'),
    'unfinished search index kept': warn(
      'A rebuild failed, and so did removing its index. The next rebuild removes it.',
    ),
    'graph rebuild completed': info('The graph in Neo4j agrees with MongoDB.'),
  },
  'Embedded engine': {
    'disk full': error('Writes are refused with `storage_full`, reads work. Free space at `location`.'),
    'disk space available': info('Writes work again.'),
    'reader thread failed': error(
      'The thread for searches, statistics and recommendations ended or hung. The next query starts a new one.',
    ),
    'event handling failed': warn('A consumer failed; each event is retried, up to five attempts.'),
    'event parked': error(
      'An event failed five times and was set aside: `twite admin queues show CONSUMER`.',
    ),
    'event log not read': error('SQLite failed to read events. Twite retries in a second.'),
    'event position not saved': warn('Events are handled again after a restart. Handlers are idempotent.'),
    'job failed': warn('A job failed `attempts` times; it is retried, up to five attempts.'),
    'job parked': error(
      'A job failed five times and was set aside: `twite admin queues list` shows its queue.',
    ),
    'job queue not read': error('SQLite failed to read jobs. Twite retries in a second.'),
    'job result not saved': warn('The job runs again. Handlers are idempotent.'),
    'data folder readable by others': warn(
      '`folder` contains other files, so its mode was not changed: run `chmod 700`.',
    ),
    'file mode not changed': warn('Other users can read `path`.'),
    'demo avatars not completed': warn('Some demo accounts have no avatar. The next start adds them.'),
    'partial media not removed': warn('Partially written files in `folder` only take up space.'),
  },
};

const rowsOf = (messages: Readonly<Record<string, LogMessage>>): string[] =>
  Object.entries(messages).map(([msg, { level, meaning }]) => `| \`${msg}\` | ${level} | ${meaning} |`);

/** The tables of docs/operations/logs.md. */
const messageTables = (): string =>
  Object.entries(logMessages)
    .map(([area, messages]) =>
      [`### ${area}`, '', '| message | level | meaning |', '| --- | --- | --- |', ...rowsOf(messages)].join(
        '\n',
      ),
    )
    .join('\n\n');

const begin = '<!-- Messages: from scripts/logs/log-messages.ts, by npm run generate. -->';
const end = '<!-- End of messages. -->';

/** The page with its current tables. Throws when it has no place for them. */
export function withMessageTables(page: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/operations/logs.md has no "${begin}"`);
  return `${before}${begin}\n\n${messageTables()}\n\n${end}${after}`;
}
