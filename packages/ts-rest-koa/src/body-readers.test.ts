import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { initContract } from '@ts-rest/core';
import Koa from 'koa';
import { describe, expect, it } from 'vitest';
import { z } from 'zod4';
import { createKoaMiddleware } from './create-koa-middleware.ts';
import type { BodyReader, KoaMiddlewareOptions, LogEvent } from './options.ts';
import { problemStatuses } from './problem.ts';
import { listen } from './testing/listen.ts';
import { exchange, parseResponse, rawRequest } from './testing/raw-request.ts';
import { serveTest } from './testing/serve.ts';

const contract = initContract().router({
  upload: {
    method: 'POST',
    path: '/upload',
    contentType: 'multipart/form-data',
    headers: { 'x-kind': z.enum(['plain', 'rich']) },
    body: z.string().min(3),
    responses: { 200: z.string() },
  },
});

class Refused extends Error {}

interface State {
  [key: string]: unknown;
}

/** A server with one operation whose body is read by `read`; `events` records what happened. */
async function serve(
  read: (events: string[]) => BodyReader<State, undefined>,
  handle: (body: string) => Promise<string> = async (body) => body,
) {
  const events: string[] = [];
  const logged: LogEvent[] = [];
  const options: KoaMiddlewareOptions<State, undefined> = {
    bodyReaders: { 'multipart/form-data': read(events) },
    onProblem: ({ kind, issues }) => ({ status: problemStatuses[kind], body: { kind, issues } }),
    mapError: (error) => (error instanceof Refused ? { status: 418, body: error.message } : undefined),
    commonStatuses: [418],
    log: (event) => logged.push(event),
  };
  // ts-rest's types leave the result of a multipart body to the server.
  const upload = async ({ body }: { body: unknown }) => {
    const answer = await handle(body as string);
    events.push('handled');
    return { status: 200 as const, body: answer };
  };
  const app = new Koa();
  app.on('error', () => {});
  app.use(createKoaMiddleware(contract, { upload }, options));
  return { ...(await listen(app)), events, logged };
}

const csv = (body: string, kind = 'plain') => ({
  method: 'POST',
  headers: { 'content-type': 'multipart/form-data', 'x-kind': kind },
  body,
});

describe('a custom body reader', () => {
  it('passes its value to the schema, regardless of the limits of other bodies', async () => {
    await using server = await serve(() => async (req) => ({ value: await text(req) }));
    const long = 'x'.repeat(100_000);
    expect(await (await fetch(`${server.url}/upload`, csv(long))).json()).toBe(long);
    expect((await fetch(`${server.url}/upload`, csv('x'))).status).toBe(422);
  });

  it('returns issues, which are reported together with the others', async () => {
    const issue = { in: 'body', path: 'row', code: 'missing', message: 'No row' } as const;
    await using server = await serve(() => async (req) => {
      await text(req);
      return { issues: [issue] };
    });
    const answer = await fetch(`${server.url}/upload`, csv('a;b', 'neither'));
    const { issues } = (await answer.json()) as { issues: { in: string }[] };
    expect(issues.map((one) => one.in)).toEqual(['headers', 'body']);
    expect(issues[1]).toEqual(issue);
  });

  it('can throw errors that mapError knows, before the body has arrived', async () => {
    await using server = await serve(() => async () => {
      throw new Refused('no');
    });
    const answer = await fetch(`${server.url}/upload`, csv('x'.repeat(3_000_000)));
    expect([answer.status, await answer.json()]).toEqual([418, 'no']);
  });
});

describe('deferred work', () => {
  const reader =
    (events: string[]): BodyReader<State, undefined> =>
    async (req, ctx) => {
      ctx.defer(() => void events.push('first'));
      ctx.defer(async () => void events.push('last'));
      return { value: await text(req) };
    };

  it('runs after the handler has ended, last first', async () => {
    await using server = await serve(reader);
    await fetch(`${server.url}/upload`, csv('a;b'));
    await expect.poll(() => server.events).toEqual(['handled', 'last', 'first']);
  });

  it('runs when the request is refused after its body was read', async () => {
    await using server = await serve(reader);
    expect((await fetch(`${server.url}/upload`, csv('a;b', 'neither'))).status).toBe(422);
    await expect.poll(() => server.events).toEqual(['last', 'first']);
  });

  it('runs when the client disconnects, but not before the handler has ended', async () => {
    const begun = Promise.withResolvers<void>();
    const open = Promise.withResolvers<string>();
    await using server = await serve(reader, () => {
      begun.resolve();
      return open.promise;
    });
    const client = connect(server.port, '127.0.0.1');
    client.write('POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\nX-Kind: rich\r\n');
    client.write('Content-Length: 3\r\n\r\na;b');
    await begun.promise;
    client.destroy();
    await once(client, 'close');
    expect(server.events).toEqual([]);
    open.resolve('late');
    await expect.poll(() => server.events).toEqual(['handled', 'last', 'first']);
  });

  it('runs when the client disconnects during the body', async () => {
    await using server = await serve(reader);
    const client = connect(server.port, '127.0.0.1');
    client.write('POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\nX-Kind: rich\r\n');
    client.write('Content-Length: 30\r\n\r\na;b', () => client.destroy());
    await expect.poll(() => server.events).toEqual(['last', 'first']);
    expect(server.logged).toEqual([]);
  });

  it('is logged when it fails, and the rest runs', async () => {
    await using server = await serve((events) => async (req, ctx) => {
      ctx.defer(() => void events.push('first'));
      ctx.defer(() => Promise.reject(new Error('stuck')));
      return { value: await text(req) };
    });
    expect((await fetch(`${server.url}/upload`, csv('a;b'))).status).toBe(200);
    await expect.poll(() => server.events).toEqual(['handled', 'first']);
    await expect.poll(() => server.logged).toMatchObject([{ kind: 'internal', operationId: 'upload' }]);
  });
});

describe('a slow body', () => {
  const half =
    'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"half';

  it('gets 408, and the connection is closed', async () => {
    await using server = await serveTest({}, { bodyTimeoutMs: 20 });
    // Resolves when the server closes: this client sends nothing more.
    const response = parseResponse(await exchange(server.port, half));
    expect([response.status, JSON.parse(response.body).kind]).toEqual([408, 'body_timeout']);
    expect(response.head).toContain('connection: close');
    expect(server.logged).toEqual([]);
  });

  it('is waited for until then', async () => {
    await using server = await serveTest({}, { bodyTimeoutMs: 60_000 });
    const client = connect(server.port, '127.0.0.1');
    client.write(half);
    await once(client, 'connect');
    client.end('way"');
    expect(await text(client)).toContain('"halfway"');
  });

  it('does not delay operations without a body', async () => {
    await using server = await serveTest();
    const response = await rawRequest(server.port, 'PUT /notes/1', ['Content-Length: 9'], 'half');
    expect(response.status).toBe(200);
  });
});
