import { type Check, type CheckResult, fail, pass, runChecks } from '@twite/core/doctor/run-checks';
import { databaseChecks } from '@twite/engine-embedded';
import { type Config, ConfigError, loadConfig, type ServiceUrls } from '@twite/process/config/load-config';
import { OperatorError } from '@twite/process/operator-error';
import { folderPermissions, freeDisk } from '../doctor/data-folder-checks.ts';
import {
  avx,
  docker,
  hugePages,
  mapCount,
  memory,
  nodeVersion,
  openFiles,
  operatingSystem,
  overcommit,
} from '../doctor/host-checks.ts';
import { certificate, port, serverChecks } from '../doctor/network-checks.ts';
import { withDistributedEngine } from './distributed-engine.ts';

export interface DoctorInput {
  /** The environment of the server. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A running server to examine from outside. */
  readonly url?: string | undefined;
}

const deadlineMs = 10_000;
/** The memory that a process of either engine needs: servers in compose/ have no less. */
const leastMiB = 192;

/** `twite doctor`: examines everything that this configuration needs. Never throws because of its findings. */
export async function examine({ env, url }: DoctorInput): Promise<readonly CheckResult[]> {
  const server = url === undefined ? [] : serverChecks(parseUrl(url));
  const config = readConfig(env);
  if (config instanceof ConfigError) {
    const fix = 'Correct the environment: docs/configuration.md lists every variable.';
    const configuration: Check = {
      name: 'configuration',
      fix,
      find: async () => fail(config.problems.join('; '), fix),
    };
    const host = [nodeVersion, operatingSystem, memory(leastMiB), openFiles, docker];
    return await runChecks([...host, configuration, ...server], deadlineMs);
  }
  const checks = [...hostChecks(config), configurationOf(config), ...portChecks(config)];
  if (config.serviceUrls === null) {
    const { dataDir } = config;
    const folder = [freeDisk(dataDir), folderPermissions(dataDir), ...databaseChecks(dataDir)];
    return await runChecks([...checks, ...folder, ...server], deadlineMs);
  }
  const { serviceUrls, namespace } = config;
  return await withDistributedEngine(async ({ openServiceChecks }) => {
    await using services = openServiceChecks(serviceUrls, namespace);
    return await runChecks(
      [...checks, ...services.checks, ...certificatesOf(serviceUrls), ...server],
      deadlineMs,
    );
  });
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new OperatorError(`--url must be a URL, not ${text}`);
  return url;
}

function readConfig(env: DoctorInput['env']): Config | ConfigError {
  try {
    return loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

const configurationOf = ({ engine, namespace, dataDir }: Config): Check => ({
  name: 'configuration',
  fix: '',
  find: async () =>
    pass(engine === 'embedded' ? `embedded, data in ${dataDir}` : `distributed, namespace ${namespace}`),
});

const isHere = (url: string): boolean => /^[^:]+:\/\/(?:[^@/]*@)?(?:localhost|127\.|\[::1\])/.test(url);

/** Hints for services on this machine are only useful if they run here. */
function hostChecks({ serviceUrls }: Config): readonly Check[] {
  const common = [nodeVersion, operatingSystem, openFiles, docker];
  if (serviceUrls === null) return [...common, memory(leastMiB)];
  const { mongodb, redis, redisLimits, elasticsearch } = serviceUrls;
  return [
    ...common,
    memory(leastMiB),
    ...(Object.values(mongodb).some(isHere) ? [avx] : []),
    ...(isHere(redis) || isHere(redisLimits) ? [overcommit, hugePages] : []),
    ...(elasticsearch !== null && isHere(elasticsearch) ? [mapCount] : []),
  ];
}

const portChecks = ({ host, port: number, metricsHost, metricsPort }: Config): readonly Check[] => [
  port({ variable: 'TWITE_PORT', host, port: number, path: '/livez' }),
  ...(metricsPort === null
    ? []
    : [port({ variable: 'TWITE_METRICS_PORT', host: metricsHost, port: metricsPort, path: '/metrics' })]),
];

const tlsPorts: Readonly<Record<string, number>> = {
  'https:': 443,
  'rediss:': 6379,
  'amqps:': 5671,
  'bolt+s:': 7687,
  'neo4j+s:': 7687,
};

interface Place {
  readonly host: string;
  readonly port: number;
}

/** The address where a service uses TLS; undefined if it does not. */
function tlsPlaceOf(text: string): Place | undefined {
  // MongoDB uses a parameter for that, and may have several hosts: the first stands for all. Those behind a DNS record
  // (`mongodb+srv:`) are left to its driver.
  const mongodb = /^mongodb:\/\/(?:[^@/]*@)?([^,/?:]+)(?::(\d+))?.*[?&](?:tls|ssl)=true/.exec(text);
  if (mongodb !== null) return { host: mongodb[1] ?? '', port: Number(mongodb[2] ?? 27_017) };
  if (text.startsWith('mongodb')) return undefined;
  const { protocol, hostname, port: number } = new URL(text);
  const usual = tlsPorts[protocol];
  return usual === undefined
    ? undefined
    : { host: hostname.replace(/^\[|\]$/g, ''), port: Number(number || usual) };
}

function certificatesOf({ mongodb, s3, ...others }: ServiceUrls): readonly Check[] {
  const places = new Map<string, Check>();
  for (const text of [...Object.values(mongodb), ...Object.values(others), s3?.url ?? null]) {
    const place = text === null ? undefined : tlsPlaceOf(text);
    if (place === undefined) continue;
    const { host, port: number } = place;
    places.set(`${host}:${number}`, certificate(`${host}:${number}`, host, number));
  }
  return [...places.values()];
}
