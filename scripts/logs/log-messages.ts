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
    'process ready': info('The process serves. `url` and `metricsUrl` tell where.'),
    'start delayed': warn(
      'MongoDB does not answer yet; `err` says why. The process tries again in `retryInMs`.',
    ),
    'dependency not reachable': warn(
      '`dependency` did not answer at the start, or refused the credentials of `variable`. `degraded` says what does not work.',
    ),
    'shutdown started': info('The process got `signal` and finishes what is under way.'),
    'shutdown completed': info('The process ends with exit code 0.'),
    'shutdown forced': info('A second `signal` ended the process at once.'),
    'shutdown failed': fatal('Something could not be closed. The process ends with exit code 1.'),
    'requests cut off at shutdown': warn(
      'Requests took longer than `drainSeconds`. Raise `TWITE_DRAIN_SECONDS`.',
    ),
    'uncaught exception': fatal('A bug. The process ends with exit code 1; report `err`.'),
    'unhandled rejection': fatal('A bug. The process ends with exit code 1; report `err`.'),
    'engine failed': fatal(
      'The process can no longer trust what it holds in memory, and ends with exit code 1.',
    ),
    'upkeep failed': warn('Periodic clean-up (`task`) failed. It runs again by itself.'),
  },
  Requests: {
    'request completed': info(
      'A request was answered. Reads are at `debug`, answers of 500 and above at `error`; in a terminal all others are at `debug`.',
    ),
    'request aborted': info('The client left before it had the whole answer.'),
    'connection broken': debug('The client closed its connection in the middle of a request.'),
    'unhandled request error': error(
      'A bug: the client got 500 `internal_error` with this `requestId`; report `err`.',
    ),
    'undeclared response status': error('A bug: the contract does not declare this `status`.'),
    'invalid response body': error('A bug: the answer does not match the contract; `issues` says where.'),
    'response stream failed': error(
      'The connection was cut in the middle of an answer, which could not be read on.',
    ),
    'shedding load': warn(
      'The server is saturated and refuses requests with 503, searches and public lists first.',
    ),
    'rate limiting per process': warn('Redis is away, so that each process counts rate limits by itself.'),
    'rate limiting shared again': info('Redis counts rate limits for all processes again.'),
  },
  Dependencies: {
    'circuit breaker opened': error(
      '`dependency` keeps failing and is not asked until a probe succeeds: runbook of its outage.',
    ),
    'circuit breaker closed': info('`dependency` answers again.'),
    'mongodb monitor stalled': warn(
      'The driver no longer learns how MongoDB is; its connections are opened again.',
    ),
    'mongodb reconnect failed': warn('The driver could not be restarted. It is tried again.'),
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
    'trace export failed': warn('The OTLP endpoint does not take spans: they are dropped.'),
    'trace export recovered': info('Spans are exported again.'),
    'cache invalidations delayed': warn(
      'Other processes learn of changes when Redis is back; they bypass their caches meanwhile.',
    ),
    'cache invalidation failed': warn('The relay could not tell caches of a change.'),
    'media bucket created': info('The bucket did not exist.'),
    'media bucket missing': error('Uploads fail until the bucket exists; `hint` says what to do.'),
    'media bucket not public': warn(
      'A CDN cannot read the bucket by itself; `hint` says what to allow. Servers serve media all the same.',
    ),
  },
  Relay: {
    'relay gained leadership': info('This relay publishes the changes of MongoDB; all others stand by.'),
    'relay lost leadership': info(
      'Another relay leads, or this one stops. If no other gains it, see the runbook of a missing leader.',
    ),
    'relay lease check failed': warn('MongoDB did not say who leads. The relay tries again.'),
    'relay older than the data': warn('A newer release has changed the data. Upgrade this relay.'),
    'relay snapshot started': info(
      'MongoDB or RabbitMQ is new, or the history is gone: everything is published anew.',
    ),
    'relay snapshot completed': info('`events` were published; the relay follows changes from here.'),
    'relay failed': warn(
      'Publishing failed `failures` times in a row. The relay continues from its last position.',
    ),
    'relay history lost': warn(
      'MongoDB no longer has the changes since the last position. A snapshot follows. Enlarge the oplog.',
    ),
    'relay position not saved': warn('Changes are published again after a restart. Handlers expect that.'),
    'unreadable change parked': error(
      'A change in `collection` could not be read: `twite admin queues show relay`.',
    ),
  },
  Queues: {
    'message handling failed': warn('A handler failed; each message is tried again, up to five times.'),
    'message parked': error(
      'A message failed five times and was put aside: `twite admin queues show QUEUE`.',
    ),
    'message not parked': warn(
      'A message that failed five times could not be put aside yet. It is tried again.',
    ),
    'message not postponed': warn('A failed job could not be stored for later yet. It is tried again.'),
    'dead letter parked': error(
      'RabbitMQ gave up a message that kept ending its consumers: `twite admin queues show QUEUE`.',
    ),
    'queue waiting for dependency': warn(
      'The queue waits until `dependency` is back. Nothing counts as failed.',
    ),
    'due jobs not published': warn('Jobs whose time has come stay in MongoDB until the next attempt.'),
    'publish channel not opened': warn('Messages wait in this process until a channel to RabbitMQ opens.'),
    'publish channel failed': warn('RabbitMQ closed the channel. Unconfirmed messages are published again.'),
    'consumer not started': warn('The queue cannot be consumed; `err` says why. It is tried again.'),
    'consumer channel failed': warn('RabbitMQ closed the channel. Messages under way are delivered again.'),
    'consumer not cancelled': warn('RabbitMQ did not confirm the end of a consumer at the shutdown.'),
  },
  'Identifiers and schema': {
    'machine number lease renewal failed': warn(
      'MongoDB did not renew the lease that makes ids unique. It is tried again.',
    ),
    'machine number lease lost': error(
      'The process can write nothing until the lease is renewed: check MongoDB.',
    ),
    'machine number lease regained': info('The process writes again.'),
    'machine number not released': warn('The lease ends by itself.'),
    'migration started': info('`migration` began or continues.'),
    'migration completed': info('`migration` changed `done` documents.'),
    'migration waiting for another process': info('Another process runs the migrations of this `stage`.'),
    'migration taken over by another process': warn(
      'This process was too slow to renew its lease; the other one continues.',
    ),
    'background migration failed': warn('It is tried again; `err` says why it failed.'),
    'indexes built': info('`indexes` of `collection` took `seconds`.'),
    'recount deferred': warn('Counts could not be brought up to date. They are later.'),
  },
  Rebuilds: {
    'search rebuild started': info('A new index is filled beside the old one.'),
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
      'The thread for searches, statistics and recommendations ended or hung. The next query starts another.',
    ),
    'event handling failed': warn('A consumer failed; each event is tried again, up to five times.'),
    'event parked': error(
      'An event failed five times and was put aside: `twite admin queues show CONSUMER`.',
    ),
    'event log not read': error('SQLite failed to read events. It is tried again in a second.'),
    'event position not saved': warn('Events are handled again after a restart. Handlers expect that.'),
    'job failed': warn('A job failed `attempts` times; it is tried again, up to five times.'),
    'job parked': error('A job failed five times and was put aside: `twite admin queues show jobs`.'),
    'job queue not read': error('SQLite failed to read jobs. It is tried again in a second.'),
    'job result not saved': warn('The job is done again. Handlers expect that.'),
    'data folder readable by others': warn(
      '`folder` holds other files, so that its mode was left alone: `chmod 700` it.',
    ),
    'file mode not changed': warn('Others may read `path`.'),
    'demo avatars not completed': warn('Some accounts of the demo have no avatar. The next start adds them.'),
    'partial media not removed': warn('Half-written files in `folder` only take space.'),
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
