import {
  freePort,
  openTcpProxy,
  serviceEnvironment,
  testNamespaces,
} from '@twite/engine-distributed/testing';
import { loadConfig } from '@twite/process/config/load-config';
import { afterAll, describe, expect, test } from 'vitest';
import { makeCall } from '../http-tests/client.ts';
import { join, post } from '../http-tests/people.ts';
import { startDistributed } from './distributed.ts';

const environment = serviceEnvironment();

describe.runIf(environment !== undefined)('a server that is started while MongoDB is unavailable', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 60_000);
  const configOn = (mongodbUrl: string, port = '0') =>
    loadConfig({
      ...environment,
      TWITE_MONGODB_URL: mongodbUrl,
      TWITE_ENGINE: 'distributed',
      TWITE_PORT: port,
      TWITE_METRICS_PORT: '0',
      TWITE_NAMESPACE: namespaces.add(),
      TWITE_LOG_LEVEL: 'silent',
    });
  test('is live but not ready, says so to clients, and starts when MongoDB is back', async () => {
    await using proxy = await openTcpProxy(environment?.TWITE_MONGODB_URL ?? '');
    proxy.break();
    const config = configOn(proxy.url, String(await freePort()));
    const url = `http://127.0.0.1:${config.port}`;
    const starting = startDistributed(config, { withWorkers: false, signal: new AbortController().signal });
    const status = (path: string, init?: RequestInit) =>
      fetch(`${url}${path}`, init).then(
        (answer) => answer.status,
        () => 0,
      );
    await expect.poll(() => status('/livez')).toBe(200);
    expect(await status('/readyz')).toBe(503);
    const written = await fetch(`${url}/v1/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ handle: 'early', password: 'rue plumet 1832' }),
    });
    expect([written.status, written.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await written.json()).toMatchObject({ code: 'unavailable', status: 503 });
    expect((await fetch(`${url}/v1/instance`, { method: 'HEAD' })).status).toBe(503);
    proxy.mend();
    await using server = await starting;
    expect(await status('/readyz')).toBe(200);
    const call = makeCall(server.url);
    await post(call, await join(call, 'early'), 'MongoDB is back');
  });

  test('stops on a signal while it waits', async () => {
    await using proxy = await openTcpProxy(environment?.TWITE_MONGODB_URL ?? '');
    proxy.break();
    const waiting = new AbortController();
    const config = configOn(proxy.url, String(await freePort()));
    const starting = startDistributed(config, { withWorkers: false, signal: waiting.signal });
    const instance = `http://127.0.0.1:${config.port}/v1/instance`;
    // Requests wait for the first attempt, and are rejected from then on.
    await expect
      .poll(() =>
        fetch(instance).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(503);
    waiting.abort();
    await expect(starting).rejects.toThrow(/abort/i);
    await expect(fetch(instance)).rejects.toThrow();
  });

  test('a command does not wait', async () => {
    await using proxy = await openTcpProxy(environment?.TWITE_MONGODB_URL ?? '');
    proxy.break();
    await expect(startDistributed(configOn(proxy.url), { withWorkers: false })).rejects.toMatchObject({
      name: 'OperatorError',
      message: expect.stringContaining('MongoDB does not answer'),
    });
  });
});
