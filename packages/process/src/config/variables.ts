import { defaultReservedHandles } from '@twite/core/accounts/reserved-handles';
import { defaultSettings } from '@twite/core/engine';
import { type JobClass, jobClasses } from '@twite/core/jobs/job-catalogue';
import { defaultMediaLimits } from '@twite/core/media/media-limits';
import { defaultRateLimits, type RateLimit, siteFactor } from '@twite/core/rate-limits/limit-request';
import {
  baseUrl,
  bucketName,
  handles,
  host,
  line,
  objectPrefix,
  oneOf,
  oneOfOrAuto,
  onOff,
  origin,
  origins,
  path,
  pathOrNone,
  rateLimit,
  regionName,
  s3Url,
  serviceUrl,
  shortName,
  someOf,
  type Variable,
  wholeNumber,
  wholeNumberOrAuto,
  wholeNumberOrOff,
} from './variable.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const logFormats = ['json', 'pretty'] as const;
export const engineNames = ['embedded', 'distributed'] as const;
const serviceNames = ['posts', 'social', 'profile'] as const;

const mongodb = ['mongodb:', 'mongodb+srv:'];

const ownMongodb = (name: string, what: string) =>
  serviceUrl(
    mongodb,
    name,
    'none',
    `Distributed: another MongoDB for ${what}; by default \`TWITE_MONGODB_URL\`.`,
  );

/** Every variable except those of individual rate limits. The documentation is generated from this table. */
export const variables = {
  engine: oneOf(
    engineNames,
    'TWITE_ENGINE',
    'embedded',
    'Where data is stored. `embedded`: SQLite in this process. `distributed`: MongoDB, Redis, RabbitMQ, Elasticsearch, Neo4j and S3.',
  ),
  host: host(
    'TWITE_HOST',
    '127.0.0.1',
    'Address to listen on. `0.0.0.0` or `::` opens the server to the network: put TLS in front of it.',
  ),
  port: wholeNumber(0, 65_535, 'TWITE_PORT', '8080', 'Port to listen on; 0 selects a free port.'),
  publicUrl: origin(
    'TWITE_PUBLIC_URL',
    'none',
    'Public URL of the instance, for links such as password resets. `none`: the address that the server listens on.',
  ),
  dataDir: path('TWITE_DATA_DIR', './data', 'Data folder. Created if missing, readable by its owner only.'),
  metricsHost: host(
    'TWITE_METRICS_HOST',
    '127.0.0.1',
    'Address to listen on for `/metrics`, `/livez` and `/readyz`.',
  ),
  metricsPort: wholeNumberOrOff(
    0,
    65_535,
    'TWITE_METRICS_PORT',
    '9464',
    'Port for `/metrics` (Prometheus), `/livez` and `/readyz`; 0 selects a free port.',
  ),
  logLevel: oneOfOrAuto(
    logLevels,
    'TWITE_LOG_LEVEL',
    'auto',
    'Minimum level of log lines, which are written to stdout. `auto`: `info`, or `warn` with the format `pretty`. `debug` logs every request.',
  ),
  logFormat: oneOfOrAuto(
    logFormats,
    'TWITE_LOG_FORMAT',
    'auto',
    'Format of log lines: JSON, or short and readable. `auto`: `pretty` in a terminal, otherwise `json`. `NO_COLOR` turns colors off.',
  ),
  instanceName: line(
    'TWITE_INSTANCE_NAME',
    'Twite',
    'Name of the instance, published by `GET /v1/instance`.',
  ),
  reservedHandles: handles(
    'TWITE_RESERVED_HANDLES',
    defaultReservedHandles.join(','),
    'Handles that cannot be registered, ignoring case and underscores. Existing accounts keep theirs. To use one yourself, sign up while it is not in the list.',
  ),
  services: someOf(serviceNames, 'TWITE_SERVICES', 'posts,social,profile', 'Groups of operations to serve.'),
  corsOrigins: origins(
    'TWITE_CORS_ORIGINS',
    'none',
    'Origins of web pages that can call the API from a browser.',
  ),
  trustedProxies: wholeNumber(
    0,
    10,
    'TWITE_TRUSTED_PROXIES',
    '0',
    'Number of proxies in front of the server: that many entries at the end of `X-Forwarded-For` are trusted.',
  ),
  hsts: onOff(
    'TWITE_HSTS',
    'off',
    'Send `Strict-Transport-Security`. Turn it on only if all traffic uses HTTPS.',
  ),
  rateLimits: onOff('TWITE_RATE_LIMITS', 'on', 'All rate limits. The variables below configure each limit.'),
  connectionsMax: wholeNumber(
    10,
    1_000_000,
    'TWITE_CONNECTIONS_MAX',
    '10000',
    'Maximum number of open client connections. A new connection then replaces the one that has been idle longest; if none is idle, it is refused with 503. Keep it below the limit of open files (`ulimit -n`).',
  ),
  shedDelayMs: wholeNumberOrOff(
    1,
    60_000,
    'TWITE_SHED_DELAY_MS',
    '250',
    'Maximum time in milliseconds that a request waits for the event loop before it is refused with 503 and `Retry-After`. Applies to posting and signing in; searches and public lists wait a fifth of it, other requests half.',
  ),
  shedWorkMax: wholeNumberOrOff(
    1,
    1_000_000,
    'TWITE_SHED_WORK_MAX',
    '500',
    'Maximum number of concurrent requests; more are refused with 503 and `Retry-After`. Searches and public lists are refused above half of it, everything except posting and signing in above four fifths.',
  ),
  publicTimeline: onOff(
    'TWITE_PUBLIC_TIMELINE',
    'on',
    'Whether the public timeline, `GET /v1/timelines/public`, is available.',
  ),
  textMax: wholeNumber(
    1,
    5_000,
    'TWITE_TEXT_MAX',
    String(defaultSettings.textWeightedLengthMax),
    'Maximum weighted length of a post or reply.',
  ),
  popularFollowers: wholeNumber(
    1,
    1_000_000_000,
    'TWITE_POPULAR_FOLLOWERS',
    String(defaultSettings.popularFollowerThreshold),
    'Posts of accounts with more followers than this are merged into timelines on read instead of pushed on write.',
  ),
  followsMax: wholeNumber(
    1,
    100_000,
    'TWITE_FOLLOWS_MAX',
    String(defaultSettings.followsPerAccountMax),
    'Maximum number of accounts that an account can follow. Each of them makes its timeline more expensive.',
  ),
  blocksMax: wholeNumber(
    1,
    100_000,
    'TWITE_BLOCKS_MAX',
    String(defaultSettings.blocksPerAccountMax),
    'Maximum number of accounts that an account can block.',
  ),
  mutesMax: wholeNumber(
    1,
    100_000,
    'TWITE_MUTES_MAX',
    String(defaultSettings.mutesPerAccountMax),
    'Maximum number of accounts that an account can mute.',
  ),
  cacheBytes: wholeNumberOrAuto(
    1_048_576,
    68_719_476_736,
    'TWITE_CACHE_BYTES',
    'auto',
    'Maximum memory in bytes of what this process caches of the database. `auto`: 256 MiB (268435456), or a quarter of the heap that Node.js allows itself if that is less, as on a machine with less than 2 GB. 5,000 active readers who follow 100 accounts each need 70 to 115 MB.',
  ),
  hashConcurrency: wholeNumberOrAuto(
    1,
    64,
    'TWITE_HASH_CONCURRENCY',
    'auto',
    'Maximum number of passwords hashed concurrently, each in its own process with 19 MiB. `auto`: half of the cores.',
  ),
  hashQueue: wholeNumber(
    1,
    100_000,
    'TWITE_HASH_QUEUE',
    '256',
    'Maximum number of passwords waiting to be hashed; more are refused with 503 and `Retry-After`.',
  ),
  mediaUrl: baseUrl(
    'TWITE_MEDIA_URL',
    'none',
    'Base URL of media, such as that of a CDN. `none`: `TWITE_PUBLIC_URL`, or the address that the server listens on.',
  ),
  mediaImageBytesMax: wholeNumber(
    1_024,
    1_073_741_824,
    'TWITE_MEDIA_IMAGE_BYTES_MAX',
    String(defaultMediaLimits.imageBytesMax),
    'Maximum size of an uploaded image or animation in bytes.',
  ),
  mediaVideoBytesMax: wholeNumber(
    1_024,
    5_368_709_120,
    'TWITE_MEDIA_VIDEO_BYTES_MAX',
    String(defaultMediaLimits.videoBytesMax),
    'Maximum size of an uploaded video in bytes.',
  ),
  mediaPixelsMax: wholeNumber(
    10_000,
    268_435_456,
    'TWITE_MEDIA_PIXELS_MAX',
    String(defaultMediaLimits.pixelsMax),
    'Maximum width × height of an uploaded image. Decoding needs about 4 bytes per pixel.',
  ),
  mediaVideoSecondsMax: wholeNumber(
    1,
    86_400,
    'TWITE_MEDIA_VIDEO_SECONDS_MAX',
    String(defaultMediaLimits.videoSecondsMax),
    'Maximum duration of an uploaded video in seconds.',
  ),
  mediaAccountBytesMax: wholeNumber(
    0,
    999_999_999_999_999,
    'TWITE_MEDIA_ACCOUNT_BYTES_MAX',
    String(defaultMediaLimits.accountBytesMax),
    'Storage quota for the media of an account in bytes; 0 allows no uploads.',
  ),
  mediaConcurrency: wholeNumberOrAuto(
    1,
    64,
    'TWITE_MEDIA_CONCURRENCY',
    'auto',
    'Maximum number of images and videos processed concurrently, each in its own process. `auto`: half of the cores.',
  ),
  mediaQueue: wholeNumber(
    1,
    100_000,
    'TWITE_MEDIA_QUEUE',
    '64',
    'Maximum number of uploads waiting to be processed; more are refused with 503 and `Retry-After`.',
  ),
  uploadDir: pathOrNone(
    'TWITE_UPLOAD_DIR',
    'none',
    'Folder for uploads while they are received and processed. `none`: a folder in the data folder (embedded), or the system folder for temporary files (distributed).',
  ),
  jsonLimitBytes: wholeNumber(
    1_024,
    16_777_216,
    'TWITE_JSON_LIMIT_BYTES',
    '65536',
    'Maximum size of a JSON body in bytes.',
  ),
  readinessDelaySeconds: wholeNumber(
    0,
    300,
    'TWITE_READINESS_DELAY_SECONDS',
    '0',
    'Seconds between `/readyz` returning 503 and closing the port at shutdown. Behind a load balancer, set it longer than the balancer takes to notice.',
  ),
  drainSeconds: wholeNumber(
    1,
    3_600,
    'TWITE_DRAIN_SECONDS',
    '25',
    'Seconds that running requests get to finish at shutdown.',
  ),
  namespace: shortName(
    'TWITE_NAMESPACE',
    'twite',
    'Distributed: prefix of the names of databases, keys, queues and indices, so that several instances can share servers.',
  ),
  mongodbUrl: serviceUrl(
    mongodb,
    'TWITE_MONGODB_URL',
    'none',
    'Distributed: MongoDB, a replica set or sharded cluster, for the four databases.',
  ),
  mongodbPostsUrl: ownMongodb('TWITE_MONGODB_POSTS_URL', 'posts and likes'),
  mongodbRepliesUrl: ownMongodb('TWITE_MONGODB_REPLIES_URL', 'replies'),
  mongodbSocialUrl: ownMongodb('TWITE_MONGODB_SOCIAL_URL', 'follows, blocks and mutes'),
  mongodbIdentityUrl: ownMongodb('TWITE_MONGODB_IDENTITY_URL', 'accounts, sessions and everything else'),
  redisUrl: serviceUrl(
    ['redis:', 'rediss:'],
    'TWITE_REDIS_URL',
    'none',
    'Distributed: Redis for timelines and caches. It can evict keys (`allkeys-lru`).',
  ),
  redisLimitsUrl: serviceUrl(
    ['redis:', 'rediss:'],
    'TWITE_REDIS_LIMITS_URL',
    'none',
    'Distributed: Redis for rate limits, which must not evict keys (`noeviction`). Default: `TWITE_REDIS_URL`.',
  ),
  rabbitmqUrl: serviceUrl(
    ['amqp:', 'amqps:'],
    'TWITE_RABBITMQ_URL',
    'none',
    'Distributed: RabbitMQ 3.10 or newer. Used by workers, relays and servers of `profile`.',
  ),
  elasticsearchUrl: serviceUrl(
    ['http:', 'https:'],
    'TWITE_ELASTICSEARCH_URL',
    'none',
    'Distributed: Elasticsearch 9. Used by workers that consume `searchIndex` or `counts`, and by servers of `social`.',
  ),
  neo4jUrl: serviceUrl(
    ['bolt:', 'bolt+s:', 'neo4j:', 'neo4j+s:'],
    'TWITE_NEO4J_URL',
    'none',
    'Distributed: Neo4j 5.23 or newer with APOC core. Used by workers that consume `graph`, and by servers of `profile`.',
  ),
  s3Url: s3Url(
    'TWITE_S3_URL',
    'none',
    'Distributed: S3 for media, with the access key and the secret key. Used by servers of `posts` and by workers that consume `jobs` or `jobs.media`.',
  ),
  s3Bucket: bucketName(
    'TWITE_S3_BUCKET',
    'none',
    'Distributed: bucket for media, created if missing and if the keys allow it. `none`: `<TWITE_NAMESPACE>-media`, with hyphens for underscores.',
  ),
  s3Region: regionName('TWITE_S3_REGION', 'us-east-1', 'Distributed: region of the bucket.'),
  s3PathStyle: onOff(
    'TWITE_S3_PATH_STYLE',
    'on',
    'Distributed: put the bucket in the path (`https://s3.example/bucket`) instead of the host (`https://bucket.s3.example`).',
  ),
  s3Prefix: objectPrefix(
    'TWITE_S3_PREFIX',
    'none',
    'Distributed: prefix of the names of objects, so that the bucket can be shared.',
  ),
  jobConcurrency: wholeNumber(
    1,
    256,
    'TWITE_JOB_CONCURRENCY',
    '8',
    'Distributed: maximum number of concurrent jobs of each class (`fanOut`, `reconcile`, `media`) in a worker.',
  ),
} satisfies Record<string, Variable<unknown>>;

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

const written = (limit: RateLimit | null): string =>
  limit === null ? 'off' : `${limit.limit}/${limit.windowSeconds}`;

type PolicyName = keyof typeof defaultRateLimits;
export const policyNames = Object.keys(defaultRateLimits) as readonly PolicyName[];

const whatIsLimited: Record<PolicyName, string> = {
  read: 'Reads',
  search: 'Searches',
  write: 'Writes',
  refresh: 'Refreshes of a session',
  signIn: 'Attempts to sign in',
  signUp: 'New accounts',
  upload: 'Uploads of media',
};

/** The two variables of one policy, with the defaults of the core. */
export const rateLimitVariables = (policy: PolicyName) => ({
  perAccount: rateLimit(
    `TWITE_RATE_LIMIT_${snake(policy)}_ACCOUNT`,
    written(defaultRateLimits[policy].perAccount),
    `${whatIsLimited[policy]} for each account${policy === 'signIn' ? ', from all addresses together' : ''}.`,
  ),
  perAddress: rateLimit(
    `TWITE_RATE_LIMIT_${snake(policy)}_ADDRESS`,
    written(defaultRateLimits[policy].perAddress),
    `${whatIsLimited[policy]} for each client address (IPv6: each /64; a /48 has ${siteFactor} times as many).`,
  ),
});

/** The third limit of signing in, which no other policy has. */
export const signInPairVariable = rateLimit(
  'TWITE_RATE_LIMIT_SIGN_IN_ACCOUNT_ADDRESS',
  written(defaultRateLimits.signIn.perAccountAndAddress ?? null),
  'Attempts to sign in to one account from one client address (IPv6: as above), or from one device that has signed in to the account before.',
);

/** Concurrent jobs of one class. Null: the number for every class. */
export const jobConcurrencyVariable = (jobClass: JobClass) =>
  wholeNumberOrAuto(
    1,
    256,
    `TWITE_JOB_CONCURRENCY_${snake(jobClass)}`,
    'auto',
    `Distributed: the same for the class \`${jobClass}\` alone. \`auto\`: \`TWITE_JOB_CONCURRENCY\`.`,
  );

/** The whole table, in the order of the documentation. */
export const allVariables: readonly Variable<unknown>[] = [
  ...Object.values(variables),
  ...jobClasses.map(jobConcurrencyVariable),
  ...policyNames.flatMap((policy) => Object.values(rateLimitVariables(policy))),
  signInPairVariable,
];
