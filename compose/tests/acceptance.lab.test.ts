import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTwite, type Twite } from '@twite/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHttpSuites } from '../../packages/server/src/http-tests/run-http-suites.ts';
import { visibilitySuite } from '../../packages/server/src/http-tests/visibility.suite.ts';
import { composeFolder } from './compose-files.ts';
import { deployedServer, joinAsAdmin, settled } from './deployed-server.ts';
import { type Container, docker, Instance, labCommand, run } from './instance.ts';
import { startLoad } from './steady-load.ts';

const minutes = 60_000;
const port = 11_080;
const ownServices = ['posts', 'social', 'profile', 'worker', 'relay'];
const refreshesPerHour = 3_000;

const env = {
  // The suites sign up hundreds of accounts from one address. Only the limit that a test below asks for is left.
  TWITE_RATE_LIMIT_REFRESH_ADDRESS: `${refreshesPerHour}/3600`,
  ...Object.fromEntries(
    ['READ', 'SEARCH', 'WRITE', 'SIGN_IN', 'SIGN_UP'].flatMap((policy) =>
      ['ACCOUNT', 'ADDRESS'].map((by) => [`TWITE_RATE_LIMIT_${policy}_${by}`, 'off']),
    ),
  ),
  TWITE_HASH_QUEUE: '1000',
};

const folder = mkdtempSync(join(tmpdir(), 'twite-acceptance-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(labCommand !== undefined)('compose.yaml', () => {
  const instance = new Instance('twite-acceptance', port, { env });
  let admin: Twite;
  let secrets: Record<string, string>;

  const running = async (...services: string[]) =>
    (await instance.containers(...services)).filter(({ State }) => State === 'running');

  beforeAll(async () => {
    await run(labCommand as string, ['images', join(composeFolder, 'compose.yaml')]);
    await instance.erase();
    await instance.compose(['build', '--quiet']);
    const startedAt = performance.now();
    await instance.up();
    console.log(`compose.yaml: up from nothing in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    admin = await joinAsAdmin(instance, 'operator');
    const volume = `${instance.project}_init-secrets:/kept:ro`;
    secrets = JSON.parse(
      await docker(
        'run',
        '--rm',
        '--user',
        'root',
        '-v',
        volume,
        '--entrypoint',
        'cat',
        'twite:local',
        '/kept/secrets.json',
      ),
    );
  }, 20 * minutes);
  afterAll(() => instance.erase(), 5 * minutes);

  test('boots from nothing: everything runs and is healthy', async () => {
    const containers = await instance.containers();
    const unhealthy = containers.filter(({ State, Health }) => State === 'running' && Health !== 'healthy');
    expect(unhealthy).toEqual([]);
    expect(
      containers
        .filter(({ State }) => State !== 'running')
        .map(({ Service }) => Service)
        .sort(),
    ).toEqual(['init', 'mongo-setup']);
    for (const service of ownServices) expect(await running(service)).toHaveLength(2);
    const { dependencies, degraded } = await admin.admin.getStatus();
    expect(dependencies.filter(({ state }) => state !== 'up')).toEqual([]);
    expect(degraded).toEqual([]);
  });

  describe('through the gateway', () => {
    runHttpSuites(async () => deployedServer(instance, admin), 'a deployed instance');
    visibilitySuite(async () => deployedServer(instance, admin));

    test('a journey: SDK, command line and plain HTTP', async () => {
      const [ada, bob] = [createTwite({ baseUrl: instance.url }), createTwite({ baseUrl: instance.url })];
      const { account } = await ada.accounts.create({ handle: 'journey_ada', password: 'difference engine' });
      await bob.accounts.create({ handle: 'journey_bob', password: 'a long password' });
      await bob.accounts.follow({ accountId: account.accountId });
      const post = await ada.posts.create({ text: 'The #journey begins' });
      await bob.posts.like({ postId: post.postId });
      await bob.replies.create({ postId: post.postId, text: 'And goes on' });
      await settled(admin);
      expect((await bob.timelines.home()).items.map(({ text }) => text)).toContain('The #journey begins');
      expect((await bob.search.posts({ q: '#journey' })).items).toMatchObject([{ postId: post.postId }]);
      expect(await ada.posts.get({ postId: post.postId })).toMatchObject({ likeCount: 1, replyCount: 1 });

      const cli = (args: readonly string[], input?: string) =>
        run(process.execPath, [join(composeFolder, '../packages/cli/bin/twite.js'), ...args], {
          env: { TWITE_URL: instance.url, TWITE_CONFIG_DIR: folder },
          ...(input === undefined ? {} : { input }),
        });
      await cli(['login', 'journey_bob', '--password-stdin'], 'a long password\n');
      await cli(['post', 'From the command line']);
      expect((await cli(['timeline'])).stdout).toContain('The #journey begins');

      const answer = await fetch(`${instance.url}/openapi.json`, {
        headers: { 'x-request-id': 'journey-0123' },
      });
      expect([answer.status, answer.headers.get('x-request-id')]).toEqual([200, 'journey-0123']);
      const { stdout } = await instance.compose(['logs', '--no-log-prefix', 'gateway', 'profile']);
      expect(
        stdout.split('\n').filter((line) => line.includes('journey-0123')).length,
      ).toBeGreaterThanOrEqual(1);
    });

    test('metrics are not to be had from outside', async () => {
      for (const path of ['/metrics', '/stats', '/healthz', '/v1/../metrics', '//metrics']) {
        const answer = await fetch(`${instance.url}${path}`);
        expect([path, answer.status]).toEqual([path, 404]);
      }
      for (const metricsPort of [8405, 9464]) {
        await expect(fetch(`http://127.0.0.1:${metricsPort}/metrics`)).rejects.toThrow();
      }
    });

    test('answers arrive as they are written, and large bodies pass', async () => {
      const answer = await fetch(`${instance.url}/docs/swagger-ui-bundle.js`);
      expect((await answer.bytes()).length).toBeGreaterThan(500_000);
    });
  });

  test(
    'a forged client address changes nothing',
    async () => {
      let refused = 0;
      for (let sent = 0; refused === 0 && sent < refreshesPerHour * 1.5; sent += 50) {
        const statuses = await Promise.all(
          Array.from({ length: 50 }, async (_, index) => {
            const forged = `203.0.${(sent + index) >> 8}.${(sent + index) & 255}`;
            const answer = await fetch(`${instance.url}/v1/sessions/refresh`, {
              method: 'POST',
              headers: {
                'content-type': 'application/json',
                'x-forwarded-for': forged,
                'x-real-ip': forged,
                forwarded: `for=${forged}`,
              },
              body: JSON.stringify({ refreshToken: 'twr_unknown' }),
            });
            await answer.body?.cancel();
            return answer.status;
          }),
        );
        refused = statuses.filter((status) => status === 429).length;
      }
      expect(refused).toBeGreaterThan(0);
    },
    5 * minutes,
  );

  describe('secrets', () => {
    const ownOf: Readonly<Record<string, RegExp>> = {
      mongo: /^none$/,
      elasticsearch: /^elasticsearch$/,
      neo4j: /^neo4j$/,
      gateway: /^none$/,
      redis: /^none$/,
      rabbitmq: /^none$/,
    };

    /** Elasticsearch and Neo4j have one user each. */
    const sharedBy: Readonly<Record<string, string>> = {
      social: 'elasticsearch',
      profile: 'neo4j',
      worker: 'elasticsearch|neo4j',
    };

    test('of one container are unreadable from another', async () => {
      for (const { Name, Service } of await running()) {
        const readable = await docker(
          'exec',
          Name,
          'sh',
          '-c',
          'cat /secrets/* /secrets/*/* 2>/dev/null; env; true',
        );
        const found = Object.entries(secrets)
          .filter(([, value]) => readable.includes(value))
          .map(([name]) => name);
        const own = ownOf[Service] ?? new RegExp(`^(\\w+-${Service}|${sharedBy[Service] ?? 'none'})$`);
        expect([Service, found.filter((name) => !own.test(name))]).toEqual([Service, []]);
        if (ownServices.includes(Service)) expect(found).toContain(`mongodb-${Service}`);
      }
    });

    test('are in no description, argument, log or image', async () => {
      const containers = await instance.containers();
      const names = containers.map(({ Name }: Container) => Name);
      const seen = [await docker('inspect', ...names), await docker('history', '--no-trunc', 'twite:local')];
      for (const name of names) {
        const { stdout, stderr } = await run('docker', ['logs', name]);
        seen.push(stdout, stderr);
      }
      for (const { Name } of await running()) seen.push(await docker('top', Name));
      for (const [name, value] of Object.entries(secrets)) {
        expect([name, seen.some((text) => text.includes(value))]).toEqual([name, false]);
      }
    });

    test('stores refuse who has none', async () => {
      const ask = (service: string, command: string) =>
        instance.compose(['exec', '-T', service, 'sh', '-c', command]).then(
          ({ stdout, stderr }) => stdout + stderr,
          (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
        );
      expect(await ask('redis', 'redis-cli GET x')).toContain('NOPERM');
      expect(
        await ask('elasticsearch', "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9200/"),
      ).toBe('401');
      expect(
        await ask('mongo', 'mongosh --quiet --eval \'db.getSiblingDB("twite_identity").accounts.findOne()\''),
      ).toContain('requires authentication');
    });
  });

  test('the gateway reaches no store', async () => {
    const { stdout } = await instance.compose(['ps', '--quiet', 'gateway']);
    for (const host of ['mongo', 'redis', 'rabbitmq', 'elasticsearch', 'neo4j']) {
      await expect(docker('exec', stdout.trim(), 'getent', 'hosts', host)).rejects.toThrow();
    }
    expect(await docker('exec', stdout.trim(), 'getent', 'hosts', 'posts')).toContain('posts');
  });

  test(
    'a rolling restart of all servers and workers fails no request at 100 a second',
    async () => {
      const load = await startLoad(instance.url, {
        perSecond: 100,
        methods: ['GET', 'PUT', 'DELETE', 'POST'],
        name: 'rolling',
      });
      await load.more(300);
      const before = (await running(...ownServices)).map(({ Name }) => Name);
      await run(join(composeFolder, 'rollout.sh'), [], {
        env: { ...env, COMPOSE_PROJECT_NAME: instance.project, TWITE_PORT: String(port) },
      });
      await load.more(300);
      const { answered, perSecond, failures } = await load.stop();
      const after = (await running(...ownServices)).map(({ Name }) => Name);
      expect(after).toHaveLength(before.length);
      expect(after.filter((name) => before.includes(name))).toEqual([]);
      console.log(
        `rolling restart: ${answered} requests at ${perSecond.toFixed(0)}/s, ${failures.length} failed`,
      );
      expect(failures).toEqual([]);
    },
    20 * minutes,
  );

  test.each(ownServices)(
    'killing one replica of %s fails no GET, PUT or DELETE',
    async (service) => {
      const load = await startLoad(instance.url, {
        perSecond: 50,
        methods: ['GET', 'PUT', 'DELETE'],
        name: `kill_${service}`,
      });
      await load.more(100);
      const [victim] = await running(service);
      await docker('kill', '--signal', 'KILL', victim?.Name as string);
      await load.more(300);
      await instance.up('--no-recreate');
      await load.more(100);
      const { answered, failures } = await load.stop();
      console.log(`killed ${service}: ${answered} requests, ${failures.length} failed`);
      expect(failures).toEqual([]);
    },
    10 * minutes,
  );

  test('memory: the default stack stays under 6 GB, with one replica each under 4.5 GB', async () => {
    const containers = await running();
    const stats = await docker(
      'stats',
      '--no-stream',
      '--format',
      '{{.Name}} {{.MemUsage}}',
      ...containers.map(({ Name }) => Name),
    );
    const units: Readonly<Record<string, number>> = { KiB: 1 / 1024, MiB: 1, GiB: 1024 };
    const used = new Map(
      stats
        .trim()
        .split('\n')
        .map((line) => {
          const [, name = '', amount = '', unit = ''] = /^(\S+) ([\d.]+)(\w+)/.exec(line) ?? [];
          return [name, Number(amount) * (units[unit] ?? Number.NaN)] as const;
        }),
    );
    const services = Map.groupBy(containers, ({ Service }) => Service);
    const table = [...services].map(([service, of]) => {
      const each = of.map(({ Name }) => used.get(Name) ?? Number.NaN);
      return {
        service,
        replicas: each.length,
        'MiB each': Math.round(Math.max(...each)),
        all: each.reduce((a, b) => a + b),
      };
    });
    console.table(table.map((row) => ({ ...row, all: Math.round(row.all) })));
    const all = table.reduce((total, row) => total + row.all, 0);
    const single = table.reduce((total, row) => total + row['MiB each'], 0);
    console.log(`memory in use: ${all.toFixed(0)} MiB, with one replica each ${single.toFixed(0)} MiB`);
    expect(all * 1.048576).toBeLessThan(6_000);
    expect(single * 1.048576).toBeLessThan(4_500);
  });

  test(
    '`down` and `up` keep all data, also with a Redis of the operator’s instead',
    async () => {
      const ada = createTwite({ baseUrl: instance.url });
      const { account } = await ada.accounts.create({ handle: 'kept_ada', password: 'difference engine' });
      const bob = createTwite({ baseUrl: instance.url });
      await bob.accounts.create({ handle: 'kept_bob', password: 'a long password' });
      await bob.accounts.follow({ accountId: account.accountId });
      const { postId } = await ada.posts.create({ text: 'Kept uniquely' });
      await settled(admin);
      const before = await admin.admin.getStats();

      await instance.compose(['down']);
      const password = randomBytes(16).toString('hex');
      const urlFile = join(folder, 'redis-url');
      const redis = `${instance.project}-own-redis`;
      await docker(
        'run',
        '-d',
        '--name',
        redis,
        '-p',
        '11379:6379',
        'redis:8.10.1-alpine',
        'redis-server',
        '--requirepass',
        password,
      );
      try {
        const host = (
          await docker('network', 'inspect', 'bridge', '-f', '{{(index .IPAM.Config 0).Gateway}}')
        ).trim();
        writeFileSync(urlFile, `redis://:${password}@${host}:11379\n`);
        const external = new Instance(instance.project, port, {
          files: ['compose.yaml', 'external/redis.yaml'],
          env: { ...env, TWITE_EXTERNAL_REDIS_URL_FILE: urlFile },
        });
        await external.up();
        expect(await external.containers('redis')).toEqual([]);
        const again = createTwite({ baseUrl: instance.url });
        await again.sessions.create({ handle: 'kept_bob', password: 'a long password' });
        expect((await again.timelines.home()).items).toMatchObject([{ postId }]);
        expect((await again.search.posts({ q: 'uniquely' })).items).toMatchObject([{ postId }]);
        expect(await admin.admin.getStats()).toEqual(before);
        const { dependencies } = await admin.admin.getStatus();
        expect(dependencies.filter(({ state }) => state !== 'up')).toEqual([]);
        const keys = await docker('exec', '-e', `REDISCLI_AUTH=${password}`, redis, 'redis-cli', 'DBSIZE');
        expect(Number(keys)).toBeGreaterThan(0);
        await external.compose(['down']);
      } finally {
        await docker('rm', '-f', '-v', redis);
      }
    },
    15 * minutes,
  );
});

describe.runIf(labCommand !== undefined)('compose.lite.yaml', () => {
  const lite = new Instance('twite-lite-acceptance', port, { files: ['compose.lite.yaml'] });
  beforeAll(async () => {
    await lite.erase();
    await lite.up();
  }, 10 * minutes);
  afterAll(() => lite.erase(), minutes);

  test(
    'runs within 200 MB, makes an admin, and keeps its data',
    async () => {
      const ada = createTwite({ baseUrl: lite.url });
      await ada.accounts.create({ handle: 'ada', password: 'difference engine' });
      await lite.compose(['exec', '-T', 'twite', 'twite', 'admin', 'grant', 'ada']);
      for (let index = 0; index < 200; index++) await ada.posts.create({ text: `Post ${index}` });
      // Each hash takes memory in a process of its own.
      await Promise.all(
        Array.from({ length: 8 }, () =>
          createTwite({ baseUrl: lite.url }).sessions.create({
            handle: 'ada',
            password: 'difference engine',
          }),
        ),
      );
      const [container] = await lite.containers();
      const usage = await docker(
        'stats',
        '--no-stream',
        '--format',
        '{{.MemUsage}}',
        container?.Name as string,
      );
      console.log(`compose.lite.yaml: ${usage.trim()}`);
      expect(
        await docker('inspect', '-f', '{{.State.OOMKilled}} {{.RestartCount}}', container?.Name as string),
      ).toBe('false 0\n');
      await lite.compose(['down']);
      await lite.up();
      const again = createTwite({ baseUrl: lite.url });
      await again.sessions.create({ handle: 'ada', password: 'difference engine' });
      expect(await again.admin.getStats()).toMatchObject({ accounts: 1, posts: 200 });
    },
    5 * minutes,
  );
});
