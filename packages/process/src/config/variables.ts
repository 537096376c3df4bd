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
    'What keeps the data: SQLite in this process, or MongoDB, Redis, RabbitMQ, Elasticsearch, Neo4j and S3.',
  ),
  host: host(
    'TWITE_HOST',
    '127.0.0.1',
    'Address to listen on. `0.0.0.0` or `::` opens the server to the network: put TLS in front of it.',
  ),
  port: wholeNumber(0, 65_535, 'TWITE_PORT', '8080', 'Port to listen on; 0 takes any free one.'),
  publicUrl: origin(
    'TWITE_PUBLIC_URL',
    'none',
    'Where people reach the instance, for links such as those that reset a password. `none`: the address that the server listens on.',
  ),
  dataDir: path(
    'TWITE_DATA_DIR',
    './data',
    'Folder of the data; made when missing, readable to its owner only.',
  ),
  metricsHost: host(
    'TWITE_METRICS_HOST',
    '127.0.0.1',
    'Address that `/metrics`, `/livez` and `/readyz` of the process are served on.',
  ),
  metricsPort: wholeNumberOrOff(
    0,
    65_535,
    'TWITE_METRICS_PORT',
    '9464',
    'Port that `/metrics` (Prometheus), `/livez` and `/readyz` are served on; 0 takes any free one.',
  ),
  logLevel: oneOfOrAuto(
    logLevels,
    'TWITE_LOG_LEVEL',
    'auto',
    'Least level that is logged, on stdout. `auto`: `info`, and `warn` in the format `pretty`. `debug` has every request.',
  ),
  logFormat: oneOfOrAuto(
    logFormats,
    'TWITE_LOG_FORMAT',
    'auto',
    'A line of the log: JSON, or short and readable. `auto`: `pretty` in a terminal, else `json`. `NO_COLOR` turns colors off.',
  ),
  instanceName: line('TWITE_INSTANCE_NAME', 'Twite', 'Name of the instance, told by `GET /v1/instance`.'),
  reservedHandles: handles(
    'TWITE_RESERVED_HANDLES',
    defaultReservedHandles.join(','),
    'Handles that nobody can sign up under, whatever their case and underscores. Accounts that have one keep it. To take one yourself, sign up while it is not in the list.',
  ),
  services: someOf(serviceNames, 'TWITE_SERVICES', 'posts,social,profile', 'Groups of operations to serve.'),
  corsOrigins: origins('TWITE_CORS_ORIGINS', 'none', 'Origins whose pages may call the API from a browser.'),
  trustedProxies: wholeNumber(
    0,
    10,
    'TWITE_TRUSTED_PROXIES',
    '0',
    'Proxies in front of the server. So many entries of `X-Forwarded-For`, from its end, are believed.',
  ),
  hsts: onOff('TWITE_HSTS', 'off', 'Send `Strict-Transport-Security`: only when all traffic comes by HTTPS.'),
  rateLimits: onOff('TWITE_RATE_LIMITS', 'on', 'Rate limits as a whole; single ones are below.'),
  connectionsMax: wholeNumber(
    10,
    1_000_000,
    'TWITE_CONNECTIONS_MAX',
    '10000',
    'Connections of clients that are open at the same time. A further one takes the place of the one that has been idle for longest; when none is idle, it is refused with 503. Keep it below the limit of open files (`ulimit -n`).',
  ),
  shedDelayMs: wholeNumberOrOff(
    1,
    60_000,
    'TWITE_SHED_DELAY_MS',
    '250',
    'Milliseconds that a request may wait for the event loop while the server is overloaded; beyond that it is refused with 503 and `Retry-After`. Posting and signing in may wait for so long, searches and public lists for a fifth of it, all else for half.',
  ),
  shedWorkMax: wholeNumberOrOff(
    1,
    1_000_000,
    'TWITE_SHED_WORK_MAX',
    '500',
    'Requests that are worked on at the same time; beyond that the answer is 503 with `Retry-After`. Searches and public lists are refused from half of it on, all but posting and signing in from four fifths.',
  ),
  publicTimeline: onOff(
    'TWITE_PUBLIC_TIMELINE',
    'on',
    'Whether anyone may read the newest public posts of all accounts: `GET /v1/timelines/public`.',
  ),
  textMax: wholeNumber(
    1,
    5_000,
    'TWITE_TEXT_MAX',
    String(defaultSettings.textWeightedLengthMax),
    'Weighted characters that a post or reply may have.',
  ),
  popularFollowers: wholeNumber(
    1,
    1_000_000_000,
    'TWITE_POPULAR_FOLLOWERS',
    String(defaultSettings.popularFollowerThreshold),
    'Posts of accounts with more followers are merged into timelines on read, not pushed on write.',
  ),
  followsMax: wholeNumber(
    1,
    100_000,
    'TWITE_FOLLOWS_MAX',
    String(defaultSettings.followsPerAccountMax),
    'Accounts that one account may follow. A timeline costs more with each of them.',
  ),
  blocksMax: wholeNumber(
    1,
    100_000,
    'TWITE_BLOCKS_MAX',
    String(defaultSettings.blocksPerAccountMax),
    'Accounts that one account may block.',
  ),
  mutesMax: wholeNumber(
    1,
    100_000,
    'TWITE_MUTES_MAX',
    String(defaultSettings.mutesPerAccountMax),
    'Accounts that one account may mute.',
  ),
  hashConcurrency: wholeNumberOrAuto(
    1,
    64,
    'TWITE_HASH_CONCURRENCY',
    'auto',
    'Passwords that are hashed at the same time, each in a process of its own with 19 MiB; `auto` is half of the cores.',
  ),
  hashQueue: wholeNumber(
    1,
    100_000,
    'TWITE_HASH_QUEUE',
    '256',
    'Passwords that may wait to be hashed; beyond that the answer is 503 with `Retry-After`.',
  ),
  mediaUrl: baseUrl(
    'TWITE_MEDIA_URL',
    'none',
    'Where media are served from: a CDN. `none`: `TWITE_PUBLIC_URL`, else the address that the server listens on.',
  ),
  mediaImageBytesMax: wholeNumber(
    1_024,
    1_073_741_824,
    'TWITE_MEDIA_IMAGE_BYTES_MAX',
    String(defaultMediaLimits.imageBytesMax),
    'Bytes that an uploaded image or animation may have.',
  ),
  mediaVideoBytesMax: wholeNumber(
    1_024,
    5_368_709_120,
    'TWITE_MEDIA_VIDEO_BYTES_MAX',
    String(defaultMediaLimits.videoBytesMax),
    'Bytes that an uploaded video may have.',
  ),
  mediaPixelsMax: wholeNumber(
    10_000,
    268_435_456,
    'TWITE_MEDIA_PIXELS_MAX',
    String(defaultMediaLimits.pixelsMax),
    'Width × height that an uploaded image may have. Decoding needs about 4 bytes for each.',
  ),
  mediaVideoSecondsMax: wholeNumber(
    1,
    86_400,
    'TWITE_MEDIA_VIDEO_SECONDS_MAX',
    String(defaultMediaLimits.videoSecondsMax),
    'Seconds that an uploaded video may last.',
  ),
  mediaAccountBytesMax: wholeNumber(
    0,
    999_999_999_999_999,
    'TWITE_MEDIA_ACCOUNT_BYTES_MAX',
    String(defaultMediaLimits.accountBytesMax),
    'Bytes that all media of an account may take; 0 allows no uploads.',
  ),
  mediaConcurrency: wholeNumberOrAuto(
    1,
    64,
    'TWITE_MEDIA_CONCURRENCY',
    'auto',
    'Images and videos that are processed at the same time, each in a process of its own; `auto` is half of the cores.',
  ),
  mediaQueue: wholeNumber(
    1,
    100_000,
    'TWITE_MEDIA_QUEUE',
    '64',
    'Uploads that may wait to be processed; beyond that the answer is 503 with `Retry-After`.',
  ),
  uploadDir: pathOrNone(
    'TWITE_UPLOAD_DIR',
    'none',
    'Folder for uploads while they are received and processed. `none`: in the data folder (embedded), or in the folder for temporary files of the system (distributed).',
  ),
  jsonLimitBytes: wholeNumber(
    1_024,
    16_777_216,
    'TWITE_JSON_LIMIT_BYTES',
    '65536',
    'Largest JSON body in bytes.',
  ),
  readinessDelaySeconds: wholeNumber(
    0,
    300,
    'TWITE_READINESS_DELAY_SECONDS',
    '0',
    'Time between `/readyz` turning 503 and closing the port on a stop. Behind a load balancer: longer than it takes to notice.',
  ),
  drainSeconds: wholeNumber(
    1,
    3_600,
    'TWITE_DRAIN_SECONDS',
    '25',
    'Time that requests under way get to end on a stop.',
  ),
  namespace: shortName(
    'TWITE_NAMESPACE',
    'twite',
    'Distributed: start of the names of databases, keys, queues and indices, so that instances can share servers.',
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
  mongodbIdentityUrl: ownMongodb('TWITE_MONGODB_IDENTITY_URL', 'accounts, sessions and all else'),
  redisUrl: serviceUrl(
    ['redis:', 'rediss:'],
    'TWITE_REDIS_URL',
    'none',
    'Distributed: Redis for timelines and caches; may evict (`allkeys-lru`).',
  ),
  redisLimitsUrl: serviceUrl(
    ['redis:', 'rediss:'],
    'TWITE_REDIS_LIMITS_URL',
    'none',
    'Distributed: Redis for rate limits, which must not evict (`noeviction`); by default the same.',
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
    'Distributed: bucket for media; made when missing and where the keys allow it. `none`: `<TWITE_NAMESPACE>-media`, with hyphens for underscores.',
  ),
  s3Region: regionName('TWITE_S3_REGION', 'us-east-1', 'Distributed: region of the bucket.'),
  s3PathStyle: onOff(
    'TWITE_S3_PATH_STYLE',
    'on',
    'Distributed: the bucket is in the path (`https://s3.example/bucket`) and not in the host (`https://bucket.s3.example`).',
  ),
  s3Prefix: objectPrefix(
    'TWITE_S3_PREFIX',
    'none',
    'Distributed: start of the names of objects, so that a bucket can hold something else too.',
  ),
  jobConcurrency: wholeNumber(
    1,
    256,
    'TWITE_JOB_CONCURRENCY',
    '8',
    'Distributed: jobs of each class (`fanOut`, `reconcile`, `media`) that one worker does at the same time.',
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
    `${whatIsLimited[policy]} for each account${policy === 'signIn' ? ' that is signed in to, from all addresses together' : ''}.`,
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
  'Attempts to sign in to one account from one client address (IPv6: as above), or from one device that was signed in to the account before.',
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
