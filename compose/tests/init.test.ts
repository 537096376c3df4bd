import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@twite/process/config/load-config';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeFolder, loadCompose } from './compose-files.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'twite-init-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const runInit = (env: Readonly<Record<string, string>> = {}) =>
  spawnSync(
    process.execPath,
    [
      join(composeFolder, 'init/init.mjs'),
      join(root, 'secrets'),
      join(root, 'external'),
      join(root, 'volumes'),
    ],
    { encoding: 'utf8', env: { ...process.env, ...env } },
  );

function init(env: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr } = runInit(env);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

const filesIn = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
const secretFiles = () => filesIn(join(root, 'secrets'));

// It gives files to other users, which requires root.
describe.runIf(process.getuid?.() === 0)('init', () => {
  test('generates different secrets on every machine, with 32 random bytes each', () => {
    init();
    const first = JSON.parse(secretFiles().get('init/secrets.json') ?? '') as Record<string, string>;
    rmSync(join(root, 'secrets'), { recursive: true });
    init();
    const second = JSON.parse(secretFiles().get('init/secrets.json') ?? '') as Record<string, string>;
    const values = [...Object.values(first), ...Object.values(second)];
    expect(new Set(values).size).toBe(values.length);
    for (const value of values) expect(Buffer.from(value, 'base64url')).toHaveLength(32);
  });

  test('changes nothing when it runs again', () => {
    init();
    const before = secretFiles();
    expect(init()).toBe('init: made 0 secrets, wrote 0 files\n');
    expect(secretFiles()).toEqual(before);
  });

  test('completes an interrupted start with the existing secrets', () => {
    init();
    const before = secretFiles();
    for (const path of ['redis/users.acl', 'posts/mongodb-url']) rmSync(join(root, 'secrets', path));
    writeFileSync(join(root, 'secrets/posts/mongodb-url.new'), 'half of');
    expect(init()).toBe('init: made 0 secrets, wrote 2 files\n');
    expect(secretFiles()).toEqual(before);
  });

  test('fails with damaged secrets instead of generating others', () => {
    init();
    writeFileSync(join(root, 'secrets/init/secrets.json'), '{"mongodb-root":');
    const { status } = spawnSync(process.execPath, [
      join(composeFolder, 'init/init.mjs'),
      join(root, 'secrets'),
    ]);
    expect(status).toBe(1);
  });

  test('makes each file readable only by the user of its container', () => {
    init();
    const modeOf = (path: string) => {
      const { uid, gid, mode } = statSync(join(root, 'secrets', path));
      return [uid, gid, (mode & 0o777).toString(8)];
    };
    expect(modeOf('mongo/keyfile')).toEqual([999, 999, '400']);
    expect(modeOf('elasticsearch/password')).toEqual([1000, 0, '400']);
    expect(modeOf('neo4j/auth')).toEqual([7474, 7474, '400']);
    expect(modeOf('posts/mongodb-url')).toEqual([1000, 1000, '400']);
    expect(modeOf('redis/users.acl')).toEqual([0, 10_001, '440']);
    expect(modeOf('s3/secret-key')).toEqual([0, 10_001, '440']);
    expect(modeOf('posts/s3-url')).toEqual([1000, 1000, '400']);
    for (const path of ['grafana/password', 'alertmanager/alertmanager.yml', 'redis-exporter/redis-url']) {
      expect(modeOf(path)).toEqual([0, 10_001, '440']);
    }
    expect(modeOf('mongodb-exporter/mongodb-url')).toEqual([1000, 1000, '400']);
    expect(modeOf('init/secrets.json')).toEqual([0, 0, '400']);
  });

  test('gives each service its own user in MongoDB, Redis and RabbitMQ, and no store a plain-text password', () => {
    init();
    const files = secretFiles();
    const users = (store: string) =>
      ['posts', 'social', 'profile', 'worker', 'relay', 'twite']
        .map((name) => files.get(`${name}/${store}-url`))
        .filter((url) => url !== undefined);
    for (const store of ['mongodb', 'redis', 'rabbitmq']) {
      const passwords = users(store).map((url) => new URL(url.trim()).password);
      expect(passwords.length).toBeGreaterThan(1);
      expect(new Set(passwords).size).toBe(passwords.length);
      for (const password of passwords) {
        expect(files.get('redis/users.acl')).not.toContain(password);
        expect(files.get('rabbitmq/definitions.json')).not.toContain(password);
      }
    }
    expect(files.get('mongo/keyfile')).toMatch(/^[A-Za-z0-9+/=]{6,1024}$/);
  });

  test('gives the keys of the object store only to the store and to writers of objects', () => {
    init();
    const files = secretFiles();
    const { username, password, host } = new URL(files.get('posts/s3-url')?.trim() ?? '');
    expect([username, password, host]).toEqual([
      files.get('s3/access-key'),
      files.get('s3/secret-key'),
      's3:9000',
    ]);
    const holders = [...files].filter(([, content]) => content.includes(password)).map(([path]) => path);
    expect(holders).toEqual([
      'init/secrets.json',
      'posts/s3-url',
      's3/secret-key',
      'twite/s3-url',
      'worker/s3-url',
    ]);
  });

  test('gives exporters users that can only read metrics', () => {
    init();
    const files = secretFiles();
    const { users } = JSON.parse(files.get('mongo-setup/users.json') ?? '') as {
      users: { user: string; roles: object[] }[];
    };
    expect(users.find(({ user }) => user === 'exporter')?.roles).toEqual([
      { role: 'clusterMonitor', db: 'admin' },
      { role: 'read', db: 'local' },
    ]);
    const acl = files.get('redis/users.acl')?.split('\n') ?? [];
    const rights = acl.find((line) => line.startsWith('user exporter '));
    expect(rights).toMatch(/ -@all \+ping \+info /);
    expect(rights).not.toMatch(/~|&|\+@|config/);
    expect(files.get('mongodb-exporter/mongodb-url')).toMatch(
      /^mongodb:\/\/exporter:[\w-]{43}@mongo:27017\//,
    );
    // Elasticsearch has one user here. Arguments are visible in `ps`: the address contains no password.
    expect(files.get('elasticsearch-exporter/address')).toBe('http://elasticsearch:9200/');
    expect(files.get('elasticsearch-exporter/password')).toBe(files.get('elasticsearch/password'));
  });

  test('gives exporters the URLs of external stores', () => {
    mkdirSync(join(root, 'external'));
    writeFileSync(join(root, 'external/mongodb-url'), 'mongodb://mine:secret@mongodb.example/\n');
    writeFileSync(join(root, 'external/elasticsearch-url'), 'https://me:p%40ss@search.example:9243/es\n');
    init();
    const files = secretFiles();
    expect(files.get('mongodb-exporter/mongodb-url')).toBe('mongodb://mine:secret@mongodb.example/\n');
    expect(
      ['address', 'user', 'password'].map((name) => files.get(`elasticsearch-exporter/${name}`)),
    ).toEqual(['https://search.example:9243/es', 'me', 'p@ss']);
  });

  test('gives the alert receivers only to Alertmanager', () => {
    mkdirSync(join(root, 'external'));
    writeFileSync(join(root, 'external/alert-webhook-url'), 'https://hooks.example/secret-path\n', {
      mode: 0o600,
    });
    init();
    const holders = [...secretFiles()]
      .filter(([, content]) => content.includes('secret-path'))
      .map(([path]) => path);
    expect(holders).toEqual(['alertmanager/alertmanager.yml']);
    const { status, stderr } = runInit({ TWITE_ALERT_EMAIL_TO: 'you@example.org' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('TWITE_ALERT_EMAIL_FROM')]);
  });

  test('gives volumes to the users of their containers without changing their content', () => {
    const stores = { s3: 10_001, cdn: 101 };
    for (const name of Object.keys(stores)) {
      mkdirSync(join(root, 'volumes', name), { recursive: true });
      writeFileSync(join(root, 'volumes', name, 'kept'), '');
    }
    init();
    init();
    for (const [name, user] of Object.entries(stores)) {
      const { uid, gid, mode } = statSync(join(root, 'volumes', name));
      expect([name, uid, gid, (mode & 0o777).toString(8)]).toEqual([name, user, user, '700']);
      expect(statSync(join(root, 'volumes', name, 'kept')).uid).toBe(0);
      expect(loadCompose('compose.yaml').services[name]?.user).toBe(`${user}:${user}`);
    }
  });

  test('writes URLs that the configuration accepts', () => {
    init();
    const env = Object.fromEntries(
      ['MONGODB', 'REDIS', 'RABBITMQ', 'ELASTICSEARCH', 'NEO4J', 'S3'].map((store) => [
        `TWITE_${store}_URL_FILE`,
        join(root, 'secrets/twite', `${store.toLowerCase()}-url`),
      ]),
    );
    const { serviceUrls } = loadConfig({ ...env, TWITE_ENGINE: 'distributed' });
    expect(serviceUrls?.mongodb.posts).toMatch(/^mongodb:\/\/twite:[\w-]{43}@mongo:27017\/\?replicaSet=rs0/);
  });

  test('accepts the namespace and the URL of an external store', () => {
    mkdirSync(join(root, 'external'));
    writeFileSync(join(root, 'external/redis-url'), 'redis://:mine@redis.example:6379\n');
    chmodSync(join(root, 'external/redis-url'), 0o600);
    writeFileSync(join(root, 'external/s3-url'), 'https://key:secret@s3.example\n');
    init({ TWITE_NAMESPACE: 'other' });
    const files = secretFiles();
    expect(files.get('worker/s3-url')).toBe('https://key:secret@s3.example\n');
    expect(files.get('posts/redis-url')).toBe('redis://:mine@redis.example:6379\n');
    expect(files.get('rabbitmq/definitions.json')).toContain('^other\\\\.');
    expect(files.get('mongo-setup/users.json')).toContain('other_identity');
  });

  test('refuses a different namespace than that of the first start, and changes nothing', () => {
    init();
    const before = secretFiles();
    const { status, stderr } = runInit({ TWITE_NAMESPACE: 'rehearsal' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('has the namespace twite')]);
    expect(secretFiles()).toEqual(before);
  });

  test('replaces an external URL by the bundled store only on request', () => {
    mkdirSync(join(root, 'external'));
    writeFileSync(join(root, 'external/redis-url'), 'redis://:mine@redis.example:6379\n');
    init();
    const before = secretFiles();
    rmSync(join(root, 'external/redis-url'));
    for (const stores of ['', 'mongodb']) {
      const { status, stderr } = runInit({ TWITE_BUNDLED_AGAIN: stores });
      expect([status, stderr]).toEqual([1, expect.stringContaining('TWITE_BUNDLED_AGAIN=redis')]);
      expect(secretFiles()).toEqual(before);
    }
    init({ TWITE_BUNDLED_AGAIN: 'mongodb, redis' });
    expect(secretFiles().get('posts/redis-url')).toContain('@redis:6379');
    expect(init()).toBe('init: made 0 secrets, wrote 0 files\n');
  });
});
