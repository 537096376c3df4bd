import { once } from 'node:events';
import { Agent, get, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { listen } from '@twite/process/listen';
import { afterEach, expect, test } from 'vitest';
import { uploadPace } from '../http/uploads/watch-pace.ts';
import { createDrainingServer, type DrainingServer, type DrainingServerOptions } from './draining-server.ts';

const place = { host: '127.0.0.1', port: 0, hostVariable: 'TWITE_HOST', portVariable: 'TWITE_PORT' };
const running: DrainingServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) {
    server.server.close();
    server.server.closeAllConnections();
  }
});

async function serve(
  listener: RequestListener,
  options?: DrainingServerOptions,
): Promise<{ url: string; draining: DrainingServer }> {
  const draining = createDrainingServer(listener, options);
  running.push(draining);
  return { url: await listen(draining.server, place), draining };
}

/** A listener that answers when it is released, and reports when a request has arrived. */
function gate() {
  const arrived = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const listener: RequestListener = async (_request, response) => {
    arrived.resolve();
    await open.promise;
    response.end('whole');
  };
  return { listener, arrived: arrived.promise, open: () => open.resolve() };
}

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

const ask = (url: string, agent?: Agent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, async (response) => {
      const body = await text(response);
      resolve({ status: response.statusCode, connection: response.headers.connection, body });
    }).on('error', reject);
  });

test('a request in flight completes and closes its connection; no new ones are accepted', async () => {
  const { listener, arrived, open } = gate();
  const { url, draining } = await serve(listener);
  const answer = ask(url, new Agent({ keepAlive: true }));
  await arrived;
  expect(draining.inFlightCount).toBe(1);
  const drained = draining.drain(30);
  await expect(ask(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  open();
  expect(await answer).toEqual({ status: 200, connection: 'close', body: 'whole' });
  expect(await drained).toBe(true);
  expect(draining.inFlightCount).toBe(0);
});

test('during the delay, responses continue and ask to close', async () => {
  const { url, draining } = await serve((_request, response) => response.end('as ever'));
  draining.discourage();
  expect(await ask(url, new Agent({ keepAlive: true }))).toEqual({
    status: 200,
    connection: 'close',
    body: 'as ever',
  });
});

test('idle and silent connections delay nothing', async () => {
  const { url, draining } = await serve((_request, response) => response.end());
  await ask(url, new Agent({ keepAlive: true }));
  const silent = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  const closed = new Promise((resolve) => silent.once('close', resolve));
  silent.on('error', () => {});
  await new Promise((resolve) => draining.server.once('connection', resolve));
  expect(await draining.drain(30)).toBe(true);
  await closed;
});

/** A client that sends exactly these bytes; `closed` resolves with the whole answer. */
async function sendRaw(url: string, draining: DrainingServer, bytes: string) {
  const accepted = new Promise<Socket>((resolve) => draining.server.once('connection', resolve));
  const client = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  let answered = '';
  client.on('data', (chunk) => {
    answered += chunk;
  });
  client.on('error', () => {});
  const closed = new Promise<string>((resolve) => client.once('close', () => resolve(answered)));
  client.write(bytes);
  const socket = await accepted;
  await expect.poll(() => socket.bytesRead, { interval: 1 }).toBe(Buffer.byteLength(bytes));
  return { client, closed };
}

test.each([
  ['half a request line', 'GET /v1/po'],
  ['a request line', 'GET /livez HTTP/1.1\r\n'],
  ['half of its headers', 'POST /v1/posts HTTP/1.1\r\nHost: twite\r\nContent-Len'],
])('a client that sent only %s is not waited for', async (_what, bytes) => {
  const { url, draining } = await serve((_request, response) => response.end());
  const { closed } = await sendRaw(url, draining, bytes);
  expect(await draining.drain(30)).toBe(true);
  expect(await closed).toBe('');
});

test('half of a second request on a connection is not waited for', async () => {
  const { listener, arrived, open } = gate();
  const { url, draining } = await serve(listener);
  const { closed } = await sendRaw(url, draining, 'GET / HTTP/1.1\r\nHost: twite\r\n\r\nGET / HT');
  await arrived;
  const drained = draining.drain(30);
  open();
  expect(await drained).toBe(true);
  expect(await closed).toContain('whole');
});

test('a response with headers sent before the drain ends its connection', async () => {
  const started = Promise.withResolvers<ServerResponse>();
  const { url, draining } = await serve((_request, response) => {
    response.write('first ');
    started.resolve(response);
  });
  const { closed } = await sendRaw(url, draining, 'GET / HTTP/1.1\r\nHost: twite\r\n\r\n');
  const response = await started.promise;
  const drained = draining.drain(30);
  response.end('last');
  expect(await drained).toBe(true);
  expect(await closed).toContain('last');
});

test('a request with a body in progress is waited for', async () => {
  const bodies: string[] = [];
  const arrived = Promise.withResolvers<void>();
  const { url, draining } = await serve(async (request, response) => {
    arrived.resolve();
    bodies.push(await text(request));
    response.end('thanks');
  });
  const { client, closed } = await sendRaw(
    url,
    draining,
    'POST / HTTP/1.1\r\nHost: twite\r\nContent-Length: 10\r\n\r\nhalf ',
  );
  await arrived.promise;
  const drained = draining.drain(30);
  client.write('whole');
  expect(await drained).toBe(true);
  expect(await closed).toContain('thanks');
  expect(bodies).toEqual(['half whole']);
});

test('requests beyond the limit are cut off', async () => {
  const { listener, arrived } = gate();
  const { url, draining } = await serve(listener);
  const answer = ask(url).catch((error: NodeJS.ErrnoException) => error.code);
  await arrived;
  expect(await draining.drain(0.01)).toBe(false);
  expect(await answer).toBe('ECONNRESET');
});

test('a port in use is one line that names the variable', async () => {
  const { draining } = await serve(() => {});
  const { port } = draining.server.address() as AddressInfo;
  const second = createDrainingServer(() => {});
  await expect(listen(second.server, { ...place, port })).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken: stop what uses it, or choose another with TWITE_PORT`,
  );
});

test('an address of another machine is one line that names the variable', async () => {
  const { server } = createDrainingServer(() => {});
  await expect(listen(server, { ...place, host: '192.0.2.1' })).rejects.toThrow(
    '192.0.2.1 is not an address of this machine: choose another with TWITE_HOST',
  );
});

test('clients have time limits, and connections outlive those of load balancers', () => {
  const { server } = createDrainingServer(() => {});
  expect(server.keepAliveTimeout).toBeGreaterThan(60_000);
  expect(server.headersTimeout).toBeLessThanOrEqual(20_000);
  // Longer than uploads may take, which end with an answer.
  expect(server.requestTimeout).toBeGreaterThan(uploadPace.totalMs);
  expect(server.requestTimeout).toBeLessThanOrEqual(15 * 60_000);
  expect(server.maxRequestsPerSocket).toBe(0);
});

test('a client that does not end its body after the response is disconnected', async () => {
  const { url, draining } = await serve((_request, response) => response.end('early'), {
    afterAnswerMs: 20,
  });
  const begun = 'POST / HTTP/1.1\r\nHost: twite\r\nContent-Length: 10\r\n\r\nhalf ';
  const { closed } = await sendRaw(url, draining, begun);
  expect(await closed).toContain('early');
});

const expecting =
  'POST / HTTP/1.1\r\nHost: twite\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n';

test('a client that expects 100 Continue gets it when its body is read', async () => {
  const { url } = await serve((request, response) => {
    request.once('data', (body) => response.end(`got ${body}`));
  });
  const client = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  client.write(expecting);
  const [asked] = await once(client, 'data');
  expect(String(asked)).toMatch(/^HTTP\/1\.1 100 /);
  client.write('whole');
  expect(await text(client)).toContain('got whole');
});

test('and not if it is refused before', async () => {
  const { url, draining } = await serve((_request, response) => {
    response.statusCode = 413;
    response.end();
  });
  const { closed } = await sendRaw(url, draining, expecting);
  expect(await closed).toMatch(/^HTTP\/1\.1 413 /);
});

test('one that ends it in time keeps its connection', async () => {
  const { url, draining } = await serve((_request, response) => response.end('early'));
  const begun = 'POST / HTTP/1.1\r\nHost: twite\r\nContent-Length: 10\r\n\r\nhalf ';
  const { client, closed } = await sendRaw(url, draining, begun);
  client.write('wholeGET / HTTP/1.1\r\nHost: twite\r\nConnection: close\r\n\r\n');
  expect((await closed).match(/early/g)).toHaveLength(2);
});

/** A silent connection; resolves once the server has it. */
async function openSilent(url: string, draining: DrainingServer) {
  const accepted = once(draining.server, 'connection');
  const client = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  client.on('error', () => {});
  await accepted;
  return { client, closed: once(client, 'close') };
}

const request = 'GET / HTTP/1.1\r\nHost: twite\r\n\r\n';

test('at the limit, the longest idle connection is closed', async () => {
  const { url, draining } = await serve((_request, response) => response.end('whole'), { connectionsMax: 3 });
  const kept = await openSilent(url, draining);
  kept.client.write(request);
  await once(kept.client, 'data');
  const first = await openSilent(url, draining);
  const second = await openSilent(url, draining);
  const third = await openSilent(url, draining);
  await first.closed;
  // The longest silent one, and not the one that is kept alive.
  for (const { client } of [kept, second, third]) {
    client.write(request);
    expect(String(await once(client, 'data'))).toContain('whole');
  }
  // All are kept alive now: the one that was used first is closed.
  await openSilent(url, draining);
  await kept.closed;
  expect(second.client.destroyed || third.client.destroyed).toBe(false);
});

test('when all connections are in use, a new one is refused with 503, and accepted later', async () => {
  const { listener, arrived, open } = gate();
  const { url, draining } = await serve(listener, { connectionsMax: 1 });
  const answer = ask(url);
  await arrived;
  const refused = await openSilent(url, draining);
  refused.client.write(request);
  expect(await text(refused.client)).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 1\r\n/);
  open();
  expect(await answer).toMatchObject({ body: 'whole' });
  expect(await ask(url)).toMatchObject({ body: 'whole' });
});

test('a client that does not read its response is disconnected', async () => {
  const { url, draining } = await serve(
    (_request, response) => response.end(Buffer.alloc(64 * 1024 * 1024)),
    { stalledMs: 100 },
  );
  const { client } = await openSilent(url, draining);
  const ended = once(client, 'close');
  client.pause();
  client.write(request);
  const [response] = await once(draining.server, 'request').then(([, made]) => [made as ServerResponse]);
  await once(response as ServerResponse, 'close');
  expect(response?.writableFinished).toBe(false);
  client.resume();
  await ended;
});

test('a response in progress is waited for, even if its connection is silent', async () => {
  const started = Promise.withResolvers<ServerResponse>();
  const { url, draining } = await serve((_request, response) => started.resolve(response), { stalledMs: 20 });
  const quiet = once(draining.server, 'timeout');
  const answer = ask(url);
  const response = await started.promise;
  await quiet;
  response.end('late');
  expect(await answer).toMatchObject({ body: 'late' });
});
