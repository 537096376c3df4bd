import { createHash } from 'node:crypto';
import { alertmanagerConfig } from './alertmanager-config.mjs';
import { exported, stores } from './consumers.mjs';

/** The users that read the files, as their images number them. */
const node = { uid: 1000, gid: 1000, mode: 0o400 };
const mongodb = { uid: 999, gid: 999, mode: 0o400 };
const elasticsearch = { uid: 1000, gid: 0, mode: 0o400 };
const neo4j = { uid: 7474, gid: 7474, mode: 0o400 };
/**
 * Redis and RabbitMQ have other numbers in Alpine's images than in Debian's: compose.yaml adds this group to both and to the
 * services of the profile `observability`, and runs every object store in it.
 */
const secretsGroup = { uid: 0, gid: 10_001, mode: 0o440 };

/** The name of the one user that an object store has from its start. */
const s3User = 'twite';

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

const databases = ['posts', 'replies', 'social', 'identity'];

/** The relay follows the whole deployment with one change stream; `twite` reads all of it for backups. */
const readsEverything = ['relay', 'twite'];

const mongodbUsers = (secrets, namespace) => [
  ...stores.mongodb.map((name) => ({
    user: name,
    pwd: secrets[`mongodb-${name}`],
    roles: [
      ...databases.map((database) => ({ role: 'readWrite', db: `${namespace}_${database}` })),
      ...(readsEverything.includes(name) ? [{ role: 'readAnyDatabase', db: 'admin' }] : []),
    ],
  })),
  {
    user: 'exporter',
    pwd: secrets['mongodb-exporter'],
    // The second for the window of the oplog.
    roles: [
      { role: 'clusterMonitor', db: 'admin' },
      { role: 'read', db: 'local' },
    ],
  },
];

/** Redis keeps hashes. Its default user, whom everyone is before signing in, may only PING: the health check. */
const redisAcl = (secrets, namespace) => {
  const passwordOf = (name) => `#${sha256(secrets[`redis-${name}`]).toString('hex')}`;
  return [
    'user default on nopass resetkeys resetchannels -@all +ping',
    ...stores.redis.map(
      (name) =>
        `user ${name} on ${passwordOf(name)} ~${namespace}:* &${namespace}:* +@all -@admin -@dangerous +info`,
    ),
    `user exporter on ${passwordOf('exporter')} resetkeys resetchannels -@all +ping +info +client|setname +slowlog|len +slowlog|get +latency|latest +latency|histogram`,
    '',
  ].join('\n');
};

/** RabbitMQ keeps salted hashes. The salt follows from the secret, so that the file stays the same. */
function rabbitmqHash(secret) {
  const salt = sha256('salt', secret).subarray(0, 4);
  return Buffer.concat([salt, sha256(salt, secret)]).toString('base64');
}

const rabbitmqDefinitions = (secrets, namespace) =>
  json({
    users: stores.rabbitmq.map((name) => ({
      name,
      password_hash: rabbitmqHash(secrets[`rabbitmq-${name}`]),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: [],
    })),
    vhosts: [{ name: '/' }],
    permissions: stores.rabbitmq.map((name) => {
      const own = `^${namespace}\\.`;
      return { user: name, vhost: '/', configure: own, write: own, read: own };
    }),
  });

const bundledUrls = {
  mongodb: (name, secret) =>
    `mongodb://${name}:${secret(`mongodb-${name}`)}@mongo:27017/?replicaSet=rs0&authSource=admin`,
  redis: (name, secret) => `redis://${name}:${secret(`redis-${name}`)}@redis:6379`,
  rabbitmq: (name, secret) => `amqp://${name}:${secret(`rabbitmq-${name}`)}@rabbitmq:5672`,
  elasticsearch: (_, secret) => `http://elastic:${secret('elasticsearch')}@elasticsearch:9200`,
  neo4j: (_, secret) => `bolt://neo4j:${secret('neo4j')}@neo4j:7687`,
  s3: (_, secret) => `http://${s3User}:${secret('s3')}@s3:9000`,
};

/** A URL with its user and password apart. */
function taken(text) {
  const url = new URL(text);
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return { address: url.href, user, password };
}

/** The addresses that exporters read; the one of Elasticsearch takes user and password apart from the address. */
function exporterFiles(urls) {
  const { address, user, password } = taken(urls.elasticsearch);
  return [
    { path: 'mongodb-exporter/mongodb-url', content: `${urls.mongodb}\n`, ...node },
    { path: 'redis-exporter/redis-url', content: `${urls.redis}\n`, ...secretsGroup },
    { path: 'elasticsearch-exporter/address', content: address, ...secretsGroup },
    { path: 'elasticsearch-exporter/user', content: user, ...secretsGroup },
    { path: 'elasticsearch-exporter/password', content: password, ...secretsGroup },
  ];
}

/** Kibana, Filebeat, and what makes users for both in Elasticsearch. */
function logFiles(secrets, elasticsearchUrl) {
  const { address } = taken(elasticsearchUrl);
  return [
    { path: 'logs-setup/elasticsearch-url', content: elasticsearchUrl, ...node },
    { path: 'logs-setup/kibana-system-password', content: secrets['kibana-system'], ...node },
    { path: 'logs-setup/filebeat-password', content: secrets.filebeat, ...node },
    { path: 'logs-setup/operator-password', content: secrets['kibana-operator'], ...node },
    { path: 'kibana/address', content: address, ...secretsGroup },
    { path: 'kibana/system-password', content: secrets['kibana-system'], ...secretsGroup },
    { path: 'kibana/encryption-key', content: secrets['kibana-key'], ...secretsGroup },
    // For people: docker compose exec kibana cat /secrets/password.
    { path: 'kibana/password', content: secrets['kibana-operator'], ...secretsGroup },
    { path: 'filebeat/address', content: address, ...secretsGroup },
    { path: 'filebeat/password', content: secrets.filebeat, ...secretsGroup },
  ];
}

/**
 * Every file that containers read, below a folder for each of them. `urls` are those of the operator's own stores, `alerts`
 * says where alerts are sent.
 */
export function filesOf({ secrets, namespace, urls: external, alerts }) {
  const urls = Object.entries(stores).flatMap(([store, users]) => {
    const given = external[store];
    return users.map((name) => ({
      path: `${name}/${store}-url`,
      content: `${given ?? bundledUrls[store](name, (key) => secrets[key])}\n`,
      ...node,
    }));
  });
  const exporterUrls = Object.fromEntries(
    exported.map((store) => [
      store,
      external[store] ?? bundledUrls[store]('exporter', (key) => secrets[key]),
    ]),
  );
  return [
    // Base64 without the two characters that the keyfile must not have.
    { path: 'mongo/keyfile', content: sha256(secrets['mongodb-keyfile']).toString('base64'), ...mongodb },
    {
      path: 'mongo-setup/users.json',
      content: json({ rootPassword: secrets['mongodb-root'], users: mongodbUsers(secrets, namespace) }),
      ...mongodb,
    },
    { path: 'redis/users.acl', content: redisAcl(secrets, namespace), ...secretsGroup },
    { path: 'rabbitmq/definitions.json', content: rabbitmqDefinitions(secrets, namespace), ...secretsGroup },
    { path: 'elasticsearch/password', content: secrets.elasticsearch, ...elasticsearch },
    { path: 'neo4j/auth', content: `neo4j/${secrets.neo4j}`, ...neo4j },
    { path: 's3/access-key', content: s3User, ...secretsGroup },
    { path: 's3/secret-key', content: secrets.s3, ...secretsGroup },
    ...urls,
    ...exporterFiles(exporterUrls),
    ...logFiles(
      secrets,
      external.elasticsearch ?? bundledUrls.elasticsearch('logs-setup', (key) => secrets[key]),
    ),
    { path: 'grafana/password', content: secrets.grafana, ...secretsGroup },
    { path: 'grafana/secret-key', content: secrets['grafana-key'], ...secretsGroup },
    { path: 'alertmanager/alertmanager.yml', content: alertmanagerConfig(alerts), ...secretsGroup },
  ];
}
