import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultMediaLimits } from '@twite/core/media/media-limits';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from './load-config.ts';
import type { ProcessRole } from './process-role.ts';
import { allVariables } from './variables.ts';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

test('an empty environment gives a working configuration on loopback', () => {
  expect(loadConfig({})).toMatchObject({
    engine: 'embedded',
    host: '127.0.0.1',
    port: 8080,
    dataDir: resolve('data'),
    services: ['posts', 'social', 'profile'],
    corsOrigins: [],
    trustedProxies: 0,
    settings: { textWeightedLengthMax: 280, popularFollowerThreshold: 5_000 },
    rateLimits: { signUp: { perAccount: null, perAddress: { limit: 20, windowSeconds: 3_600 } } },
  });
});

test('the defaults in the table apply to unset variables', () => {
  const written = Object.fromEntries(allVariables.map((variable) => [variable.name, variable.default]));
  expect(loadConfig(written)).toEqual(loadConfig({}));
});

test('every variable is in the table exactly once', () => {
  const names = allVariables.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^TWITE_[A-Z0-9_]+$/);
});

test('variables are read', () => {
  const config = loadConfig({
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_SERVICES: 'profile, posts,posts',
    TWITE_CORS_ORIGINS: 'https://app.example,http://localhost:3000',
    TWITE_RATE_LIMIT_SIGN_IN_ACCOUNT: '5/60',
    TWITE_RATE_LIMIT_WRITE_ADDRESS: 'off',
    TWITE_TEXT_MAX: '500',
    TWITE_HSTS: 'on',
    TWITE_HASH_CONCURRENCY: '3',
    TWITE_INSTANCE_NAME: '  ',
    TWITE_RESERVED_HANDLES: 'boss, Lost_Property,boss',
  });
  expect(config).toMatchObject({
    port: 0,
    metricsPort: null,
    services: ['posts', 'profile'],
    corsOrigins: ['https://app.example', 'http://localhost:3000'],
    hsts: true,
    hashConcurrency: 3,
    instanceName: 'Twite',
    settings: { textWeightedLengthMax: 500, reservedHandles: ['boss', 'Lost_Property'] },
  });
  expect(config.rateLimits?.signIn.perAccount).toEqual({ limit: 5, windowSeconds: 60 });
  expect(config.rateLimits?.write.perAddress).toBeNull();
  expect(loadConfig({ TWITE_RATE_LIMITS: 'off' }).rateLimits).toBeNull();
});

test('all problems are reported at once', () => {
  const problems = problemsOf({
    TWITE_PORT: '70000',
    TWITE_ENGINE: 'distributes',
    TWITE_SERVICES: 'posts,mail',
    TWITE_CORS_ORIGINS: 'https://app.example/path',
    TWITE_RATE_LIMIT_READ_ACCOUNT: '10 per minute',
  });
  expect(problems).toHaveLength(5);
  expect(problems.join('\n')).toContain('TWITE_PORT must be a whole number from 0 to 65535, not "70000"');
  expect(new ConfigError(problems).exitCode).toBe(2);
});

const services = {
  TWITE_ENGINE: 'distributed',
  TWITE_MONGODB_URL: 'mongodb://one,two:27018/?replicaSet=rs',
  TWITE_REDIS_URL: 'redis://:secret@cache:6379',
  TWITE_RABBITMQ_URL: 'amqp://guest:guest@broker',
  TWITE_ELASTICSEARCH_URL: 'http://search:9200',
  TWITE_NEO4J_URL: 'bolt://graph',
  TWITE_S3_URL: 'http://key:secret@objects:9000',
};

test('the distributed engine gets the addresses of its services, with fallbacks', () => {
  const config = loadConfig({ ...services, TWITE_MONGODB_SOCIAL_URL: 'mongodb+srv://social.example' });
  expect(config.serviceUrls).toEqual({
    mongodb: {
      posts: services.TWITE_MONGODB_URL,
      replies: services.TWITE_MONGODB_URL,
      social: 'mongodb+srv://social.example',
      identity: services.TWITE_MONGODB_URL,
    },
    redis: services.TWITE_REDIS_URL,
    redisLimits: services.TWITE_REDIS_URL,
    rabbitmq: services.TWITE_RABBITMQ_URL,
    elasticsearch: services.TWITE_ELASTICSEARCH_URL,
    neo4j: services.TWITE_NEO4J_URL,
    s3: {
      url: services.TWITE_S3_URL,
      bucket: 'twite-media',
      region: 'us-east-1',
      pathStyle: true,
      prefix: '',
    },
  });
  expect(loadConfig({ ...services, TWITE_ENGINE: 'embedded' }).serviceUrls).toBeNull();
});

test('every missing service of the distributed engine is named once', () => {
  const { TWITE_ENGINE } = services;
  expect(problemsOf({ TWITE_ENGINE })).toEqual(
    ['MONGODB', 'REDIS', 'RABBITMQ', 'ELASTICSEARCH', 'NEO4J', 'S3'].map(
      (service) => `TWITE_${service}_URL must be set: TWITE_ENGINE is distributed`,
    ),
  );
});

test('a process only needs the addresses that its role uses', () => {
  const { TWITE_ENGINE, TWITE_MONGODB_URL, TWITE_REDIS_URL } = services;
  const env = { TWITE_ENGINE, TWITE_MONGODB_URL, TWITE_REDIS_URL };
  const needed = (role: ProcessRole, more: Record<string, string> = {}): string[] => {
    try {
      loadConfig({ ...env, ...more }, role);
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return [...error.problems];
    }
  };
  const all = ['fanOut', 'searchIndex', 'upkeep', 'jobs.fanOut', 'jobs.media', 'counts', 'graph'];
  expect(needed({ kind: 'server' }, { TWITE_SERVICES: 'posts' })).toEqual([
    'TWITE_S3_URL must be set: TWITE_SERVICES includes posts',
  ]);
  expect(needed({ kind: 'operator' })).toEqual([]);
  expect(needed({ kind: 'server' }, { TWITE_SERVICES: 'social' })).toEqual([
    'TWITE_ELASTICSEARCH_URL must be set: TWITE_SERVICES includes social',
  ]);
  expect(needed({ kind: 'server' }, { TWITE_SERVICES: 'profile' })).toEqual([
    'TWITE_RABBITMQ_URL must be set: TWITE_SERVICES includes profile',
    'TWITE_NEO4J_URL must be set: TWITE_SERVICES includes profile',
  ]);
  expect(needed({ kind: 'relay' })).toEqual(['TWITE_RABBITMQ_URL must be set: the relay publishes to it']);
  expect(needed({ kind: 'worker', consumers: ['fanOut', 'upkeep'] })).toEqual([
    'TWITE_RABBITMQ_URL must be set: a worker consumes its queues',
  ]);
  for (const name of ['jobs.media', 'jobs']) {
    expect(needed({ kind: 'worker', consumers: [name] })).toEqual([
      'TWITE_RABBITMQ_URL must be set: a worker consumes its queues',
      `TWITE_S3_URL must be set: this worker consumes ${name}`,
    ]);
  }
  expect(needed({ kind: 'worker', consumers: all })).toHaveLength(4);
  const config = loadConfig(env, { kind: 'operator' });
  expect(config.serviceUrls).toMatchObject({ rabbitmq: null, elasticsearch: null, neo4j: null, s3: null });
  // A given address is checked and used, whether needed or not.
  const given = {
    TWITE_SERVICES: 'social',
    TWITE_ELASTICSEARCH_URL: 'http://search',
    TWITE_NEO4J_URL: 'http://graph',
  };
  expect(needed({ kind: 'server' }, given)).toEqual([
    expect.stringMatching(/^TWITE_NEO4J_URL must be a URL/),
  ]);
});

test('an invalid address is not shown, because it can contain a password', () => {
  const problems = problemsOf({ ...services, TWITE_REDIS_URL: 'http://:hunter2@cache' });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^TWITE_REDIS_URL must be a URL such as/);
  expect(problems[0]).not.toContain('hunter2');
});

test('four MongoDB addresses need no common one, and an invalid one is reported once', () => {
  const { TWITE_MONGODB_URL, ...others } = services;
  const own = Object.fromEntries(
    ['POSTS', 'REPLIES', 'SOCIAL', 'IDENTITY'].map((name) => [
      `TWITE_MONGODB_${name}_URL`,
      TWITE_MONGODB_URL,
    ]),
  );
  expect(loadConfig({ ...others, ...own }).serviceUrls?.mongodb.replies).toBe(TWITE_MONGODB_URL);
  expect(problemsOf({ ...services, TWITE_MONGODB_POSTS_URL: 'http://posts' })).toEqual([
    expect.stringMatching(/^TWITE_MONGODB_POSTS_URL must be a URL/),
  ]);
});

test('an address that would make a driver fail and show it is refused', () => {
  for (const [name, url] of [
    ['TWITE_REDIS_URL', 'redis://:hunter2@one:6379,two:6379'],
    ['TWITE_RABBITMQ_URL', 'amqp://twite:hunter2@one,two'],
    ['TWITE_NEO4J_URL', 'bolt://neo4j:hunter2%@graph'],
    ['TWITE_MONGODB_URL', 'mongodb://twite:hunter2%@one,two'],
  ] as const) {
    const problems = problemsOf({ ...services, [name]: url });
    expect(problems).toEqual([expect.stringMatching(`^${name} must be a URL such as`)]);
    expect(problems[0]).not.toContain('hunter2');
  }
});

test('the media bucket has a name for each namespace, or a configured one', () => {
  const s3Of = (env: Record<string, string>) => loadConfig({ ...services, ...env }).serviceUrls?.s3;
  expect(s3Of({ TWITE_NAMESPACE: 'our_net' })?.bucket).toBe('our-net-media');
  expect(
    s3Of({
      TWITE_S3_BUCKET: 'pictures.example',
      TWITE_S3_REGION: 'eu-central-1',
      TWITE_S3_PATH_STYLE: 'off',
      TWITE_S3_PREFIX: 'twite/one/',
    }),
  ).toMatchObject({
    bucket: 'pictures.example',
    region: 'eu-central-1',
    pathStyle: false,
    prefix: 'twite/one/',
  });
  expect(s3Of({ TWITE_S3_PREFIX: 'twite' })?.prefix).toBe('twite/');
  for (const [name, text] of [
    ['TWITE_S3_BUCKET', 'Pictures'],
    ['TWITE_S3_BUCKET', '192.168.0.1'],
    ['TWITE_S3_BUCKET', 'a..b'],
    ['TWITE_S3_PREFIX', '../up'],
    ['TWITE_S3_PREFIX', '/root'],
    ['TWITE_S3_REGION', 'us east'],
    ['TWITE_S3_URL', 'http://objects:9000'],
    ['TWITE_S3_URL', 'http://key:hunter2@objects:9000/bucket'],
  ] as const) {
    const problems = problemsOf({ ...services, [name]: text });
    expect(problems).toEqual([expect.stringContaining(`${name} must be`)]);
    expect(problems[0]).not.toContain('hunter2');
  }
});

test('limits of media are read, and media have URLs of a CDN, of the instance, or of the server', () => {
  expect(loadConfig({}).settings.media).toEqual(defaultMediaLimits);
  expect(
    loadConfig({
      TWITE_MEDIA_IMAGE_BYTES_MAX: '2048',
      TWITE_MEDIA_VIDEO_BYTES_MAX: '4096',
      TWITE_MEDIA_PIXELS_MAX: '1000000',
      TWITE_MEDIA_VIDEO_SECONDS_MAX: '10',
      TWITE_MEDIA_ACCOUNT_BYTES_MAX: '0',
    }).settings.media,
  ).toEqual({
    ...defaultMediaLimits,
    imageBytesMax: 2_048,
    videoBytesMax: 4_096,
    pixelsMax: 1_000_000,
    videoSecondsMax: 10,
    accountBytesMax: 0,
  });
  expect(loadConfig({ TWITE_RATE_LIMIT_UPLOAD_ACCOUNT: '7/60' }).rateLimits?.upload.perAccount).toEqual({
    limit: 7,
    windowSeconds: 60,
  });
  expect(loadConfig({})).toMatchObject({ mediaUrl: null, mediaConcurrency: null, uploadDir: null });
  const publicUrl = { TWITE_PUBLIC_URL: 'https://twite.example' };
  expect(loadConfig(publicUrl).mediaUrl).toBe('https://twite.example');
  expect(loadConfig({ ...publicUrl, TWITE_MEDIA_URL: 'https://cdn.example/twite/' })).toMatchObject({
    publicUrl: 'https://twite.example',
    mediaUrl: 'https://cdn.example/twite',
  });
  expect(loadConfig({ TWITE_UPLOAD_DIR: 'uploads' }).uploadDir).toBe(resolve('uploads'));
  for (const text of ['cdn.example', 'https://cdn.example?a=1', 'https://user:hunter2@cdn.example']) {
    expect(problemsOf({ TWITE_MEDIA_URL: text })).toEqual([
      expect.stringMatching(/^TWITE_MEDIA_URL must be/),
    ]);
  }
});

test('an address can be in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twite-config-'));
  try {
    const file = join(folder, 'redis');
    writeFileSync(file, `${services.TWITE_REDIS_URL}\n`);
    const { TWITE_REDIS_URL, ...others } = services;
    const config = loadConfig({ ...others, TWITE_REDIS_URL_FILE: file });
    expect(config.serviceUrls?.redis).toBe(TWITE_REDIS_URL);
    expect(problemsOf({ ...services, TWITE_REDIS_URL_FILE: file })).toEqual([
      'TWITE_REDIS_URL and TWITE_REDIS_URL_FILE must not both be set',
    ]);
    expect(problemsOf({ ...others, TWITE_REDIS_URL_FILE: join(folder, 'none') })[0]).toContain('ENOENT');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('two listeners on one port are refused', () => {
  expect(problemsOf({ TWITE_PORT: '9464' })).toEqual(['TWITE_PORT and TWITE_METRICS_PORT must differ']);
});

const isDeeplyFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen));

test('any environment gives a deeply frozen configuration, or a ConfigError that names each invalid variable', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.integer().map(String),
    fc.constantFrom(
      'on',
      'off',
      'auto',
      '*',
      'none',
      '1/1',
      '0/0',
      'posts',
      '__proto__',
      '\0',
      '9'.repeat(400),
    ),
  );
  const anyEnvironment = fc.dictionary(fc.constantFrom(...allVariables.map(({ name }) => name)), anyText);
  fc.assert(
    fc.property(anyEnvironment, (env) => {
      const wrong = allVariables.filter(({ name, read }) => {
        const text = env[name]?.trim();
        return text && read(text) === undefined;
      });
      try {
        expect(isDeeplyFrozen(loadConfig(env))).toBe(true);
        expect(wrong).toEqual([]);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        for (const { name } of wrong) expect(error.message).toContain(`${name} must be`);
        expect(error.problems.length).toBeGreaterThanOrEqual(Math.max(1, wrong.length));
        // A problem stays on its line whatever the value contains.
        expect(error.message.split('\n')).toHaveLength(error.problems.length + 1);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('whole numbers are accepted exactly within their bounds', () => {
  fc.assert(
    fc.property(fc.integer({ min: -10, max: 70_000 }), (port) => {
      const problems = problemsOf({ TWITE_PORT: String(port), TWITE_METRICS_PORT: 'off' });
      expect(problems.length === 0).toBe(port >= 0 && port <= 65_535);
    }),
    { numRuns: 1_000 },
  );
});

test('a class of jobs has the concurrency of all, unless it has its own', () => {
  expect(loadConfig({}).jobConcurrency).toEqual({ fanOut: 8, reconcile: 8, media: 8 });
  const given = {
    TWITE_JOB_CONCURRENCY: '16',
    TWITE_JOB_CONCURRENCY_FAN_OUT: '32',
    TWITE_JOB_CONCURRENCY_MEDIA: '2',
  };
  expect(loadConfig(given).jobConcurrency).toEqual({ fanOut: 32, reconcile: 16, media: 2 });
  expect(problemsOf({ TWITE_JOB_CONCURRENCY_MEDIA: '0' })).toEqual([
    expect.stringMatching(/^TWITE_JOB_CONCURRENCY_MEDIA must be a whole number from 1 to 256, or `auto`/),
  ]);
});
