import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RateLimitPolicyName, ServiceName } from '@twite/contract';
import { defaultSettings, type Settings } from '@twite/core/engine';
import { type JobClass, jobClasses } from '@twite/core/jobs/job-catalogue';
import type { RateLimitPolicies, RateLimitPolicy } from '@twite/core/rate-limits/limit-request';
import { everythingInOne, type ProcessRole, reasonsOf, serviceNameOf } from './process-role.ts';
import { readTracesConfig, type TracesConfig } from './trace-variables.ts';
import { unknownVariables } from './unknown-variables.ts';
import type { Variable } from './variable.ts';
import {
  type engineNames,
  jobConcurrencyVariable,
  type logFormats,
  type logLevels,
  policyNames,
  rateLimitVariables,
  signInPairVariable,
  variables,
} from './variables.ts';

/** A bucket for media on an S3 service. */
export interface S3Place {
  /** `http(s)://ACCESS_KEY:SECRET_KEY@host:port` */
  readonly url: string;
  readonly bucket: string;
  readonly region: string;
  /** Whether the bucket is in the path of URLs rather than in the host. */
  readonly pathStyle: boolean;
  /** The prefix of object names: empty, or with a trailing slash. */
  readonly prefix: string;
}

/** The addresses of the distributed engine's services. Null: this process does not use the service. */
export interface ServiceUrls {
  readonly mongodb: {
    readonly posts: string;
    readonly replies: string;
    readonly social: string;
    readonly identity: string;
  };
  readonly redis: string;
  readonly redisLimits: string;
  readonly rabbitmq: string | null;
  readonly elasticsearch: string | null;
  readonly neo4j: string | null;
  readonly s3: S3Place | null;
}

/** All settings of the operator. Deeply frozen; created once, by `loadConfig`. */
export interface Config {
  readonly engine: (typeof engineNames)[number];
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Without a trailing slash. Null: the server's listening address. */
  readonly publicUrl: string | null;
  /** An absolute path. */
  readonly dataDir: string;
  readonly metricsHost: string;
  /** Null: no metrics are served. */
  readonly metricsPort: number | null;
  /** The role of the process. */
  readonly role: ProcessRole['kind'];
  /** Null: depends on the format. */
  readonly logLevel: (typeof logLevels)[number] | null;
  /** Null: depends on whether stdout is a terminal. */
  readonly logFormat: (typeof logFormats)[number] | null;
  readonly instanceName: string;
  readonly services: readonly ServiceName[];
  /** Empty: none; `*` alone: all. */
  readonly corsOrigins: readonly string[];
  /** The number of trusted hops in X-Forwarded-For; 0: none. */
  readonly trustedProxies: number;
  readonly hsts: boolean;
  /** Null: no limits. */
  readonly rateLimits: RateLimitPolicies | null;
  /** The maximum number of open connections. */
  readonly connectionsMax: number;
  /** When requests are rejected because of overload. */
  readonly shed: {
    /** The maximum delay of a request in the event loop. Null: unlimited. */
    readonly delayMs: number | null;
    /** The maximum number of concurrent requests. Null: unlimited. */
    readonly workMax: number | null;
  };
  readonly settings: Settings;
  /** The memory of the caches. Null: see `cacheBytesOf`. */
  readonly cacheBytes: number | null;
  /** Null: half of the cores. */
  readonly hashConcurrency: number | null;
  readonly hashQueueLimit: number;
  /** The base of media URLs, without a trailing slash. Null: the server's listening address. */
  readonly mediaUrl: string | null;
  /** Null: half of the cores. */
  readonly mediaConcurrency: number | null;
  /** The number of uploads that may wait to be processed. */
  readonly mediaQueue: number;
  /** An absolute path. Null: the composition root chooses. */
  readonly uploadDir: string | null;
  readonly jsonBodyBytesMax: number;
  readonly readinessDelaySeconds: number;
  readonly drainSeconds: number;
  /** The prefix of all names on shared services. */
  readonly namespace: string;
  /** Null: the engine needs none. */
  readonly serviceUrls: ServiceUrls | null;
  /** The number of jobs of each class that one worker runs concurrently. */
  readonly jobConcurrency: Readonly<Record<JobClass, number>>;
  /** Null: no traces are recorded. */
  readonly traces: TracesConfig | null;
  /** For tests: where this process kills itself. Null: nowhere. */
  readonly failpoint: string | null;
}

/** The environment is invalid. The message lists every problem; the process exits with `exitCode`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode = 2;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The configuration is wrong:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

const shown = (text: string): string => {
  const json = JSON.stringify(text);
  return json.length <= 60 ? json : `${json.slice(0, 57)}…"`;
};

/**
 * Reads the environment, which nothing else does. An empty variable counts as unset. The role decides which services of
 * the distributed engine need an address. Throws `ConfigError` with all problems.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  role: ProcessRole = everythingInOne,
): Config {
  const problems: string[] = [...unknownVariables(env)];

  const textOf = ({ name, secret }: Variable<unknown>): string | undefined => {
    const text = env[name]?.trim() || undefined;
    const file = secret ? env[`${name}_FILE`]?.trim() || undefined : undefined;
    if (file === undefined) return text;
    if (text !== undefined) problems.push(`${name} and ${name}_FILE must not both be set`);
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      problems.push(
        `${name}_FILE must be the path of a readable file: ${(error as NodeJS.ErrnoException).code}`,
      );
      return undefined;
    }
  };

  const get = <T>(variable: Variable<T>): T => {
    const text = textOf(variable) ?? variable.default;
    const value = variable.read(text);
    if (value !== undefined) return value;
    const given = variable.secret ? 'its current value (not shown: it may contain a password)' : shown(text);
    problems.push(`${variable.name} must be ${variable.form}, not ${given}`);
    // The value is unused: the problem is thrown below.
    return variable.read(variable.default) as T;
  };

  const limitsOf = (policy: RateLimitPolicyName): RateLimitPolicy => {
    const { perAccount, perAddress } = rateLimitVariables(policy);
    return Object.freeze({
      perAccount: get(perAccount),
      perAddress: get(perAddress),
      ...(policy === 'signIn' ? { perAccountAndAddress: get(signInPairVariable) } : {}),
    });
  };

  const engine = get(variables.engine);
  const services = get(variables.services);
  const namespace = get(variables.namespace);
  const reasons = reasonsOf(role, services);

  const required = (
    variable: Variable<string | null>,
    fallback: string | null = null,
    reason = 'TWITE_ENGINE is distributed',
  ): string => {
    const before = problems.length;
    const url = get(variable) ?? fallback;
    if (url !== null) return url;
    if (problems.length === before && engine === 'distributed') {
      problems.push(`${variable.name} must be set: ${reason}`);
    }
    // The value is unused: the problem is thrown below.
    return '';
  };
  const requiredFor = (reason: string | undefined, variable: Variable<string | null>): string | null =>
    reason === undefined ? get(variable) : required(variable, null, reason);

  const getS3 = (): S3Place | null => {
    const url = requiredFor(reasons.s3, variables.s3Url);
    const bucket = get(variables.s3Bucket) ?? `${namespace.replaceAll('_', '-')}-media`;
    const region = get(variables.s3Region);
    const pathStyle = get(variables.s3PathStyle);
    const prefix = get(variables.s3Prefix);
    return url === null ? null : Object.freeze({ url, bucket, region, pathStyle, prefix });
  };

  const getServiceUrls = (): ServiceUrls => {
    const posts = get(variables.mongodbPostsUrl);
    const replies = get(variables.mongodbRepliesUrl);
    const social = get(variables.mongodbSocialUrl);
    const identity = get(variables.mongodbIdentityUrl);
    // One for all, unless each has its own.
    const isShared = [posts, replies, social, identity].includes(null);
    const shared = isShared ? required(variables.mongodbUrl) : (get(variables.mongodbUrl) ?? '');
    const redis = required(variables.redisUrl);
    return Object.freeze({
      mongodb: Object.freeze({
        posts: posts ?? shared,
        replies: replies ?? shared,
        social: social ?? shared,
        identity: identity ?? shared,
      }),
      redis,
      redisLimits: required(variables.redisLimitsUrl, redis),
      rabbitmq: requiredFor(reasons.rabbitmq, variables.rabbitmqUrl),
      elasticsearch: requiredFor(reasons.elasticsearch, variables.elasticsearchUrl),
      neo4j: requiredFor(reasons.neo4j, variables.neo4jUrl),
      s3: getS3(),
    });
  };
  const serviceUrls = getServiceUrls();

  const uploadDir = get(variables.uploadDir);
  const publicUrl = get(variables.publicUrl);

  const policies = Object.fromEntries(policyNames.map((policy) => [policy, limitsOf(policy)]));
  const concurrencies = Object.fromEntries(
    jobClasses.map((jobClass) => [
      jobClass,
      get(jobConcurrencyVariable(jobClass)) ?? get(variables.jobConcurrency),
    ]),
  );
  const config: Config = {
    engine,
    host: get(variables.host),
    port: get(variables.port),
    publicUrl,
    dataDir: resolve(get(variables.dataDir)),
    metricsHost: get(variables.metricsHost),
    metricsPort: get(variables.metricsPort),
    role: role.kind,
    logLevel: get(variables.logLevel),
    logFormat: get(variables.logFormat),
    instanceName: get(variables.instanceName),
    services,
    corsOrigins: get(variables.corsOrigins),
    trustedProxies: get(variables.trustedProxies),
    hsts: get(variables.hsts),
    rateLimits: get(variables.rateLimits) ? Object.freeze(policies as RateLimitPolicies) : null,
    connectionsMax: get(variables.connectionsMax),
    shed: Object.freeze({ delayMs: get(variables.shedDelayMs), workMax: get(variables.shedWorkMax) }),
    settings: Object.freeze({
      ...defaultSettings,
      reservedHandles: get(variables.reservedHandles),
      textWeightedLengthMax: get(variables.textMax),
      publicTimeline: get(variables.publicTimeline),
      popularFollowerThreshold: get(variables.popularFollowers),
      followsPerAccountMax: get(variables.followsMax),
      blocksPerAccountMax: get(variables.blocksMax),
      mutesPerAccountMax: get(variables.mutesMax),
      media: Object.freeze({
        ...defaultSettings.media,
        imageBytesMax: get(variables.mediaImageBytesMax),
        videoBytesMax: get(variables.mediaVideoBytesMax),
        pixelsMax: get(variables.mediaPixelsMax),
        videoSecondsMax: get(variables.mediaVideoSecondsMax),
        accountBytesMax: get(variables.mediaAccountBytesMax),
      }),
    }),
    cacheBytes: get(variables.cacheBytes),
    hashConcurrency: get(variables.hashConcurrency),
    hashQueueLimit: get(variables.hashQueue),
    mediaUrl: get(variables.mediaUrl) ?? publicUrl,
    mediaConcurrency: get(variables.mediaConcurrency),
    mediaQueue: get(variables.mediaQueue),
    uploadDir: uploadDir === null ? null : resolve(uploadDir),
    jsonBodyBytesMax: get(variables.jsonLimitBytes),
    readinessDelaySeconds: get(variables.readinessDelaySeconds),
    drainSeconds: get(variables.drainSeconds),
    namespace,
    serviceUrls: engine === 'distributed' ? serviceUrls : null,
    jobConcurrency: Object.freeze(concurrencies as Record<JobClass, number>),
    traces: readTracesConfig(get, serviceNameOf(role)),
    // Not in the table: no instance should die on purpose.
    failpoint: env.TWITE_TEST_FAILPOINT?.trim() || null,
  };
  if (config.port !== 0 && config.port === config.metricsPort) {
    problems.push('TWITE_PORT and TWITE_METRICS_PORT must differ');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}
