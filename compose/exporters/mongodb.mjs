// The service `mongodb-exporter` of the profile `observability`: figures of MongoDB for Prometheus, on port 9216. It asks
// MongoDB whenever Prometheus asks, as a user that may read figures alone.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { MongoClient } from 'mongodb';
import { askMongodb, figuresOf } from './mongodb-figures.mjs';

const { TWITE_MONGODB_URL_FILE = '', TWITE_NAMESPACE = 'twite', TWITE_EXPORTER_PORT = '9216' } = process.env;
const client = new MongoClient(readFileSync(TWITE_MONGODB_URL_FILE, 'utf8').trim(), {
  appName: 'mongodb-exporter',
  maxPoolSize: 2,
  serverSelectionTimeoutMS: 3_000,
});

const log = (level, msg, details = {}) =>
  console.log(
    JSON.stringify({ level, time: new Date().toISOString(), service: 'mongodb-exporter', msg, ...details }),
  );

const ask = () =>
  askMongodb(client, TWITE_NAMESPACE).catch((error) => {
    log('warn', 'MongoDB does not answer', { reason: error.message });
    return undefined;
  });

const server = createServer(async (request, response) => {
  // About this process alone: whether MongoDB answers is `mongodb_up`.
  if (request.url === '/readyz') return response.writeHead(200).end();
  if (request.url !== '/metrics') return response.writeHead(404).end();
  const registry = figuresOf(await ask());
  response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
});
server.listen(Number(TWITE_EXPORTER_PORT), () => log('info', 'ready', { port: server.address().port }));

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
