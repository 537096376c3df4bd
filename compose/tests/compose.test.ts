import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '@twite/contract';
import { reasonsOf } from '@twite/process/config/process-role';
import { allVariables } from '@twite/process/config/variables';
import { DCLinter } from 'dclint';
import { describe, expect, test } from 'vitest';
import { stores as storeUsers } from '../init/consumers.mjs';
import {
  activeServices,
  composeFolder,
  loadCompose,
  mebibytes,
  profileSets,
  readCompose,
  type Service,
  variablesIn,
  withDefaults,
} from './compose-files.ts';

const full = loadCompose('compose.yaml');
const lite = loadCompose('compose.lite.yaml');
const everyFile = globSync(['*.yaml', 'external/*.yaml'], { cwd: composeFolder }).filter(
  (file) => file !== 'kustomization.yaml',
);
const everyService = [full, lite].flatMap((file) =>
  Object.entries(file.services).map(([name, service]): [string, Service] => [
    `${file.name} ${name}`,
    service,
  ]),
);
/** Not `twite`, which runs commands. */
const isOneShot = ({ restart, profiles = [] }: Service) => restart === 'no' && !profiles.includes('tools');
const stores = ['mongo', 'redis', 'rabbitmq', 'elasticsearch', 'neo4j', 's3'];

test('the build context contains everything that the Dockerfile copies from compose/', () => {
  const lines = (text: string) => text.split('\n').map((line) => line.trim());
  const copied = lines(readCompose('Dockerfile')).flatMap((line) => {
    const [, source] = /^COPY (compose\/\S+) /.exec(line) ?? [];
    return source === undefined ? [] : [`!${source}`];
  });
  expect(copied).toContain('!compose/init');
  expect(lines(readCompose('../.dockerignore'))).toEqual(expect.arrayContaining(copied));
});

test('the compose files follow the specification', () => {
  const rules = {
    // The built image has a name, by which its other services use it.
    'no-build-and-image': 0,
    // It does not resolve variables; a test below does.
    'no-unbound-port-interfaces': 0,
  } as const;
  const linter = new DCLinter({ rules, quiet: true, debug: false, exclude: [] });
  const files = everyFile.map((file) => join(composeFolder, file));
  // Its own types name modules that it does not ship.
  const results = linter.lintFiles(files, false) as readonly {
    readonly filePath: string;
    readonly messages: readonly { readonly type: string; readonly message: string }[];
  }[];
  const errors = results.flatMap(({ filePath, messages }) =>
    messages.filter(({ type }) => type === 'error').map(({ message }) => `${filePath}: ${message}`),
  );
  expect(files.length).toBeGreaterThan(2);
  expect(errors).toEqual([]);
});

describe('with any profiles', () => {
  test.each(profileSets(full))('every dependency of a service is defined: %s', (...profiles) => {
    const active = activeServices(full, profiles);
    const names = active.map(([name]) => name);
    const missing = active.flatMap(([name, { depends_on = {}, network_mode = '' }]) =>
      [...Object.keys(depends_on), ...network_mode.split('service:').slice(1)]
        .filter((target) => !names.includes(target))
        .map((target) => `${name} → ${target}`),
    );
    expect(missing).toEqual([]);
  });

  test.each(profileSets(full))('`up --wait` does not wait for one-shot containers: %s', (...profiles) => {
    const active = activeServices(full, profiles);
    const awaited = active
      .filter(([, service]) => !isOneShot(service))
      .flatMap(([, { depends_on = {} }]) =>
        Object.entries(depends_on).flatMap(([name, { condition }]) =>
          condition === 'service_completed_successfully' ? [name] : [],
        ),
      );
    const oneShots = active.filter(([, service]) => isOneShot(service)).map(([name]) => name);
    expect(awaited).toEqual(expect.arrayContaining(oneShots));
  });
});

describe.each(everyService)('%s', (name, service) => {
  test('has only the rights that it needs', () => {
    expect(service.cap_drop).toEqual(['ALL']);
    // One container, which has no network, writes files for several owners, and another one reads them and may not
    // write.
    if (name === 'twite filebeat') expect(service.cap_add).toEqual(['DAC_READ_SEARCH']);
    else if (service.cap_add) expect([name, service.network_mode]).toEqual(['twite init', 'none']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.privileged).toBeUndefined();
    const mayWrite = ['twite elasticsearch', 'twite neo4j'];
    expect(service.read_only === true).toBe(!mayWrite.includes(name));
  });

  test('has limits, a health check, and an image variable with a pinned version', () => {
    expect(mebibytes(service.mem_limit ?? '')).toBeGreaterThan(0);
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.logging).toMatchObject({
      driver: 'json-file',
      options: { 'max-size': '10m', 'max-file': '3' },
    });
    if (service.restart === 'no') expect(service.healthcheck).toEqual({ disable: true });
    else expect(service.healthcheck?.test?.length).toBeGreaterThan(1);
    expect(variablesIn(service.image)).toHaveLength(1);
    expect(withDefaults(service.image)).toMatch(/:(local|v?\d+\.\d+\.\d+)/);
  });

  test('contains no secret', () => {
    // Files contain the secrets; TWITE_URL and the like are public addresses.
    const telling = /PASSWORD|SECRET|TOKEN|AUTH$|_URL$/;
    const names = Object.keys(service.environment ?? {}).filter((variable) => telling.test(variable));
    expect(
      names.filter(
        (variable) =>
          !variable.endsWith('_FILE') &&
          !/^(TWITE_(PUBLIC_|MEDIA_|KIBANA_)?|GF_SERVER_ROOT_)URL$/.test(variable),
      ),
    ).toEqual([]);
  });
});

const networksOf = (name: string) => full.services[name]?.networks ?? [];

describe('networks', () => {
  test('only the gateway and the tools of operators publish ports, on loopback by default', () => {
    const published = Object.entries(full.services).filter(([, { ports }]) => ports !== undefined);
    for (const [name, { ports = [], profiles = [] }] of published) {
      if (!profiles.includes('observability')) expect(name).toMatch(/^gateway/);
      if (name === 'gateway-tls') continue;
      for (const port of ports)
        expect([name, withDefaults(port)]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:/)]);
    }
    expect(withDefaults(full.services.gateway?.ports?.[0] ?? '')).toBe('127.0.0.1:8080:8080');
    for (const { ports = [] } of Object.values(lite.services)) {
      for (const port of ports) expect(withDefaults(port)).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test('stores share no network with each other or with the gateway', () => {
    for (const store of stores) {
      expect(networksOf(store)).toHaveLength(1);
      for (const other of [...stores, 'gateway'].filter((name) => name !== store)) {
        expect(networksOf(other)).not.toContain(networksOf(store)[0]);
      }
    }
  });

  test('all networks are internal, except that of the published port', () => {
    for (const [name, network] of Object.entries(full.networks ?? {})) {
      expect([name, network.internal === true]).toEqual([name, name !== 'edge']);
    }
  });
});

/** The services that each Twite service must reach, by the configuration's own rules. */
const needs = (name: string): string[] => {
  const reasons =
    name === 'worker'
      ? reasonsOf({ kind: 'worker', consumers: ['searchIndex', 'counts', 'graph'] }, [])
      : name === 'relay'
        ? reasonsOf({ kind: 'relay' }, [])
        : name === 'twite'
          ? reasonsOf({ kind: 'all' }, [])
          : reasonsOf({ kind: 'server' }, [name as ServiceName]);
  // Services that accept, serve, process or delete files.
  const objects = ['posts', 'worker', 'twite'].includes(name) ? ['s3'] : [];
  return [...new Set(['mongodb', 'redis', ...objects, ...Object.keys(reasons)])].sort();
};

test.each(['posts', 'social', 'profile', 'worker', 'relay', 'twite'])(
  '%s has the URLs and networks of the stores that it uses, and no others',
  (name) => {
    const { environment = {}, networks = [] } = full.services[name] as Service;
    const named = Object.keys(environment).flatMap(
      (key) => /^TWITE_(\w+)_URL_FILE$/.exec(key)?.[1]?.toLowerCase() ?? [],
    );
    expect(named.sort()).toEqual(needs(name));
    expect(networks.filter((network) => network !== 'api').sort()).toEqual(needs(name));
  },
);

test('every store can be external', () => {
  const overrides = globSync('*.yaml', { cwd: join(composeFolder, 'external') }).sort();
  expect(overrides).toEqual(
    Object.keys(storeUsers)
      .sort()
      .map((store) => `${store}.yaml`),
  );
  for (const [store, users] of Object.entries(storeUsers)) {
    const { services, networks } = loadCompose(`external/${store}.yaml`);
    expect(services.init?.volumes).toEqual([expect.stringMatching(`:/external/${store}-url:ro$`)]);
    expect(networks).toEqual({ [store]: { internal: false } });
    const without = Object.entries(services).filter(([, { deploy }]) => Number(deploy?.replicas) === 0);
    expect(without.length).toBeGreaterThan(0);
    for (const user of users) expect(full.services[user]?.networks).toContain(store);
  }
});

test('each container reads only its own secrets', () => {
  const readers = Object.entries(full.services)
    .filter(([name]) => name !== 'init')
    .flatMap(([name, { volumes = [] }]) =>
      volumes.filter((volume) => volume.includes('-secrets:')).map((volume) => [volume.split(':')[0], name]),
    );
  expect(new Set(readers.map(([volume]) => volume)).size).toBe(readers.length);
  for (const { volumes = [] } of Object.values(full.services).filter(
    ({ cap_add }) => !cap_add?.includes('CHOWN'),
  )) {
    for (const volume of volumes.filter((text) => text.includes('-secrets:'))) expect(volume).toMatch(/:ro$/);
  }
});

test('the stop of a server fits in its grace period', () => {
  const seconds = (service: Service | undefined) => Number.parseInt(service?.stop_grace_period ?? '', 10);
  for (const service of [
    full.services.posts,
    full.services.social,
    full.services.profile,
    lite.services.twite,
  ]) {
    const { TWITE_DRAIN_SECONDS: drain, TWITE_READINESS_DELAY_SECONDS: delay } = service?.environment ?? {};
    const needed = Number(withDefaults(drain ?? '')) + Number(withDefaults(delay ?? '0'));
    expect(needed).toBeGreaterThan(0);
    expect(seconds(service)).toBeGreaterThan(needed);
  }
});

describe('the CDN', () => {
  const { environment = {}, networks } = full.services.cdn as Service;

  test('gets every variable that its configuration uses, and no secret', () => {
    const named = [...readCompose('cdn/nginx.conf.template').matchAll(/\$\{(\w+)\}/g)].map(
      ([, name]) => name,
    );
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(named));
    expect(environment.NGINX_ENVSUBST_FILTER).toBe('^TWITE_');
    expect(networks).toEqual(['api', 's3']);
    expect(full.services.cdn?.volumes?.filter((volume) => volume.includes('secrets'))).toEqual([]);
  });

  test('reads from the bucket that the servers write to, regardless of its name', () => {
    for (const name of ['TWITE_S3_BUCKET', 'TWITE_S3_PREFIX', 'TWITE_NAMESPACE']) {
      expect([name, environment[name]]).toEqual([name, full.services.posts?.environment?.[name]]);
    }
  });
});

test('stores uploads in progress in a volume on disk, not in memory', () => {
  for (const service of [full.services.posts, full.services.worker]) {
    expect(service?.environment?.TWITE_UPLOAD_DIR).toBe('/uploads');
    expect(service?.volumes).toContain('uploads:/uploads');
  }
  // The embedded engine keeps them in the data folder.
  expect(lite.services.twite?.volumes).toEqual(['data:/data']);
});

describe('memory', () => {
  const sum = (replicas: number) =>
    activeServices(full, [])
      .filter(([, service]) => !isOneShot(service))
      .reduce((total, [, { mem_limit = '', deploy }]) => {
        const count = deploy?.replicas?.includes('TWITE_REPLICAS') ? replicas : 1;
        return total + count * mebibytes(mem_limit);
      }, 0);

  test('includes a process for pictures where there is one', () => {
    const processes = Number(withDefaults(full.services.posts?.environment?.TWITE_MEDIA_CONCURRENCY ?? ''));
    expect(processes).toBeGreaterThan(0);
    for (const { mem_limit = '' } of [
      full.services.posts,
      full.services.worker,
      lite.services.twite,
    ] as Service[]) {
      expect(mebibytes(mem_limit)).toBeGreaterThanOrEqual(192 + processes * 250);
    }
  });

  test('the limits of the default stack are below 7.5 GB, with one replica each below 6 GB, and 450 MB in the lite file', () => {
    expect(sum(2) * 1.048576).toBeLessThan(7_500);
    expect(sum(1) * 1.048576).toBeLessThan(6_000);
    expect(mebibytes(lite.services.twite?.mem_limit ?? '')).toBeLessThanOrEqual(450);
  });
});

describe('the profile `observability`', () => {
  const observing = activeServices(full, ['observability']).filter(
    ([, { profiles }]) => profiles !== undefined,
  );

  test('uses at most 2.5 GB', () => {
    const running = observing.filter(([, { restart }]) => restart !== 'no');
    const sum = running.reduce((total, [, { mem_limit = '' }]) => total + mebibytes(mem_limit), 0);
    expect(running.length).toBeGreaterThan(5);
    expect(sum * 1.048576).toBeLessThanOrEqual(2_500);
  });

  test('reaches all targets of Prometheus through networks that exist without the profile', () => {
    const scraped = [
      ...readCompose('prometheus/prometheus.yml').matchAll(/names: \[([^\]]+)\]|targets: \["([\w-]+):/g),
    ]
      .flatMap(([, names = '', target = '']) => [...names.split(', '), target])
      .filter((name) => !['', 'localhost'].includes(name));
    expect(scraped).toEqual(
      expect.arrayContaining(['posts', 'worker', 'relay', 'gateway', 'mongodb-exporter']),
    );
    const reached = networksOf('prometheus');
    for (const name of scraped) {
      expect([name, networksOf(name).filter((network) => reached.includes(network)).length > 0]).toEqual([
        name,
        true,
      ]);
    }
    for (const [name, service] of activeServices(full, [])) {
      expect([name, service.networks?.includes('metrics') ?? false]).toEqual([name, false]);
    }
  });

  test('publishes services without a password on loopback only', () => {
    for (const name of ['prometheus', 'alertmanager']) {
      for (const port of full.services[name]?.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });
});

describe('.env.example', () => {
  const lines = readCompose('.env.example').split('\n');
  const documented = new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^(?:# )?((?:TWITE|OTEL)_\w+)=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value ?? ''] as const];
    }),
  );
  const uses = everyFile
    .flatMap((file) => variablesIn(readCompose(file).replaceAll(/^ *#.*$/gm, '')))
    // Compose's own variables, such as the name of the project.
    .filter(({ name }) => !name.startsWith('COMPOSE_'));

  test('has every variable of the compose files, and no other', () => {
    expect([...documented.keys()].sort()).toEqual([...new Set(uses.map(({ name }) => name))].sort());
  });

  test('has the same defaults as compose.yaml', () => {
    const inFull = variablesIn(readCompose('compose.yaml')).filter(
      ({ name, fallback }) => fallback !== undefined && !name.startsWith('COMPOSE_'),
    );
    const wrong = inFull.filter(({ name, fallback }) => documented.get(name) !== fallback);
    expect(wrong).toEqual([]);
  });

  test('and the processes that create traces share a network with the collector', () => {
    const { services, networks } = loadCompose('compose.traces.yaml');
    const traced = Object.entries(full.services).filter(
      ([name, { environment = {} }]) => name !== 'twite' && 'OTEL_EXPORTER_OTLP_ENDPOINT' in environment,
    );
    expect(Object.keys(services).sort()).toEqual(traced.map(([name]) => name).sort());
    for (const service of Object.values(services))
      expect(service.networks).toEqual(Object.keys(networks ?? {}));
    expect(withDefaults(String(lite.services.twite?.environment?.OTEL_EXPORTER_OTLP_ENDPOINT))).toBe('');
  });

  test('and compose.yaml has every setting of Twite for operators', () => {
    // The wiring, which compose sets itself.
    const wiring =
      /^TWITE_(ENGINE|HOST|DATA_DIR|UPLOAD_DIR|METRICS_HOST|METRICS_PORT|SERVICES|(MONGODB|REDIS|RABBITMQ|ELASTICSEARCH|NEO4J|S3)\w*_URL)$/;
    const settings = allVariables.map(({ name }) => name).filter((name) => !wiring.test(name));
    const known = new Set(uses.map(({ name }) => name));
    expect(settings.filter((name) => !known.has(name))).toEqual([]);
  });
});
