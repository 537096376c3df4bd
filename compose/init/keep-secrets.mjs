import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stores } from './consumers.mjs';
import { putFile } from './put-files.mjs';

const names = [
  'mongodb-keyfile',
  'mongodb-root',
  ...stores.mongodb.map((user) => `mongodb-${user}`),
  ...stores.redis.map((user) => `redis-${user}`),
  ...stores.rabbitmq.map((user) => `rabbitmq-${user}`),
  'elasticsearch',
  'neo4j',
  's3',
  'mongodb-exporter',
  'redis-exporter',
  'grafana',
  'grafana-key',
  'kibana-system',
  'kibana-operator',
  'kibana-key',
  'filebeat',
];

function read(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
  return JSON.parse(text);
}

/** Reads the secrets and makes those that are missing. They are on disk before anything uses them. */
export function keepSecrets(file) {
  const known = read(file);
  const missing = names.filter((name) => !known[name]);
  const secrets = { ...known };
  for (const name of missing) secrets[name] = randomBytes(32).toString('base64url');
  if (missing.length > 0) {
    putFile(file, { content: `${JSON.stringify(secrets, null, 2)}\n`, uid: 0, gid: 0, mode: 0o400 });
  }
  return { secrets, made: missing.length };
}
