import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { composeFolder } from './compose-files.ts';

const run = promisify(execFile);
let server: Server;
let port: string;
let freePort: string;
let status: number;
let asked: number;

const portOf = (of: Server) => String((of.address() as AddressInfo).port);

beforeEach(async () => {
  [status, asked] = [200, 0];
  server = createServer((request, response) => {
    asked++;
    response.writeHead(request.url === '/readyz' ? status : 404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = portOf(server);
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  freePort = portOf(other);
  other.close();
});
afterEach(() => server.close());

const check = (env: Readonly<Record<string, string>>, ...args: string[]) =>
  run(process.execPath, [join(composeFolder, 'healthcheck.mjs'), ...args], {
    env: { ...process.env, ...env },
  });

test('a server is healthy when its API is ready', async () => {
  await check({ TWITE_PORT: port, TWITE_METRICS_PORT: freePort });
  await check({}, port);
});

test('a worker or a relay is checked on its metrics port', async () => {
  await check({ TWITE_PORT: freePort, TWITE_METRICS_PORT: port });
});

test('a process that is not ready is unhealthy, and says so', async () => {
  status = 503;
  await expect(check({ TWITE_PORT: port, TWITE_METRICS_PORT: port })).rejects.toThrow(`${port} answered 503`);
  expect(asked).toBe(1);
});

test('a process that does not listen is unhealthy', async () => {
  await expect(check({ TWITE_PORT: freePort, TWITE_METRICS_PORT: freePort })).rejects.toThrow('ECONNREFUSED');
  await expect(check({}, freePort)).rejects.toThrow('ECONNREFUSED');
});
