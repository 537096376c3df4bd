import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { initContract } from '@ts-rest/core';
import Koa from 'koa';
import { describe, expect, it } from 'vitest';
import { z } from 'zod4';
import { createKoaMiddleware } from './create-koa-middleware.ts';
import type { LogEvent } from './options.ts';
import { raw } from './raw-body.ts';
import { listen } from './testing/listen.ts';
import { rawRequest } from './testing/raw-request.ts';
import { serveTest } from './testing/serve.ts';

class Refused extends Error {}

const unused = { onProblem: () => ({ status: 500 }), log: () => {} };

describe('hooks', () => {
  it('run before the body, in order, with metadata and raw parameters, and share state', async () => {
    await using server = await serveTest(
      { putNote: ({ ctx }) => ({ status: 200, body: { noteId: `${ctx.state.account} ${ctx.state.seen}` } }) },
      {
        beforeBody: [
          async (ctx) => {
            ctx.state.seen = [...(ctx.state.seen ?? []), ctx.operationId, ctx.params.noteId ?? ''];
          },
        ],
        forOperation: ({ operationId }) => ({
          beforeBody: operationId === 'putNote' ? [(ctx) => void ctx.state.seen?.push('last')] : [],
        }),
      },
      (app) => {
        app.use((koa, next) => {
          koa.state.account = 'ann';
          return next();
        });
      },
    );
    const response = await fetch(`${server.url}/notes/8`, { method: 'PUT' });
    expect(await response.json()).toEqual({ noteId: 'ann putNote,8,last' });
  });

  it('can refuse before any of the body has arrived, and keep the connection', async () => {
    await using server = await serveTest(
      {},
      {
        beforeBody: [
          (ctx) => {
            if (ctx.metadata?.auth === 'required') throw new Refused();
          },
        ],
        mapError: (error) =>
          error instanceof Refused ? { status: 401, body: { kind: 'refused' } } : undefined,
      },
    );
    const socket = connect(server.port, '127.0.0.1');
    const length = 50;
    socket.write(`POST /folders/x/notes HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('401 Unauthorized');
    socket.write(`${'x'.repeat(length)}GET /run?mode=again HTTP/1.1\r\nHost: x\r\n\r\n`);
    const [second] = (await once(socket, 'data')) as [Buffer];
    expect(second.toString()).toContain('again');
    socket.destroy();
  });

  it('around can respond instead of the handler, and sees the validated input', async () => {
    const seen: unknown[] = [];
    let runs = 0;
    await using server = await serveTest(
      {
        echo: ({ body }) => {
          runs += 1;
          return { status: 200, body };
        },
      },
      {
        around: async (_ctx, input, next) => {
          seen.push(input.body);
          const response = await next();
          return { ...response, headers: { 'X-Outer': '1' } };
        },
        forOperation: ({ operationId }) => ({
          around:
            operationId === 'echo'
              ? async (_ctx, input, next) =>
                  input.body === 'again' ? { status: 200, body: raw('"replayed"') } : next()
              : undefined,
        }),
      },
    );
    const echo = async (body: string) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${server.url}/echo`, { method: 'POST', headers, body });
      return [await response.text(), response.headers.get('x-outer')];
    };
    expect(await echo('"first"')).toEqual(['"first"', '1']);
    expect(await echo('"again"')).toEqual(['"replayed"', '1']);
    expect([seen, runs]).toEqual([['first', 'again'], 1]);
  });

  it('let earlier middleware set headers, and read the status afterwards', async () => {
    let status = 0;
    await using server = await serveTest({}, {}, (app) => {
      app.use(async (koa, next) => {
        koa.set('X-Request-Id', 'r1');
        await next();
        status = koa.status;
      });
    });
    const response = await rawRequest(server.port, 'DELETE /notes/1');
    expect(response.head).toContain('x-request-id: r1');
    expect(status).toBe(204);
  });
});

describe('a client that disconnects', () => {
  it('aborts the signal, and later errors of the handler are not logged', async () => {
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<boolean>();
    await using server = await serveTest({
      params: async ({ ctx }) => {
        const { signal } = ctx;
        started.resolve();
        await once(signal, 'abort');
        ended.resolve(ctx.signal.aborted);
        throw new Error('aborted');
      },
    });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /params/a/b HTTP/1.1\r\nHost: x\r\n\r\n');
    await started.promise;
    socket.destroy();
    expect(await ended.promise).toBe(true);
    expect((await fetch(`${server.url}/run?mode=x`)).status).toBe(200);
    expect(server.logged).toEqual([]);
  });

  it('does not abort the signal of a completed request', async () => {
    const signals: AbortSignal[] = [];
    await using server = await serveTest({
      params: ({ ctx }) => {
        signals.push(ctx.signal);
        return { status: 200, body: {} };
      },
    });
    await rawRequest(server.port, 'GET /params/a/b');
    await (await fetch(`${server.url}/params/a/b`)).text();
    expect(signals.map((signal) => signal.aborted)).toEqual([false, false]);
  });

  it('ends a stream that is waiting for its next chunk', async () => {
    const ended = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const source = new Readable({ read() {} });
    source.push('first');
    source.once('close', () => closed.resolve());
    await using server = await serveTest({ params: () => ({ status: 200, body: source }) }, {}, (app) => {
      app.use(async (_koa, next) => {
        await next();
        ended.resolve();
      });
    });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /params/a/b HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    await Promise.all([ended.promise, closed.promise]);
    expect(server.logged).toEqual([]);
  });

  it('is not logged when it disconnects during its body', async () => {
    const ended = Promise.withResolvers<void>();
    await using server = await serveTest({}, {}, (app) => {
      app.use(async (_koa, next) => {
        await next();
        ended.resolve();
      });
    });
    const socket = connect(server.port, '127.0.0.1');
    socket.end(
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"ab',
    );
    await ended.promise;
    expect(server.logged).toEqual([]);
  });
});

describe('creating the middleware', () => {
  const c = initContract();
  const ping = { method: 'GET', path: '/ping', responses: { 200: z.string() } } as const;
  const upload = {
    method: 'POST',
    path: '/upload',
    contentType: 'multipart/form-data',
    body: z.string(),
    responses: { 200: z.string() },
  } as const;

  it('refuses missing and unknown handlers, colliding routes and bodies without a reader', () => {
    const one = c.router({ ping });
    expect(() => createKoaMiddleware(one, {} as never, unused)).toThrow('"ping" has no handler');
    const handler = () => ({ status: 200, body: 'pong' }) as const;
    expect(() => createKoaMiddleware(one, { ping: handler, pong: handler } as never, unused)).toThrow(
      '"pong"',
    );
    const two = c.router({ ping, again: ping });
    expect(() => createKoaMiddleware(two, { ping: handler, again: handler }, unused)).toThrow(
      'already declared',
    );
    const files = c.router({ upload });
    expect(() => createKoaMiddleware(files, { upload: handler }, unused)).toThrow(
      '"upload" takes multipart/form-data',
    );
    const bodyReaders = { 'multipart/form-data': async () => ({ value: 'read' }) };
    expect(() => createKoaMiddleware(files, { upload: handler }, { ...unused, bodyReaders })).not.toThrow();
  });

  it('answers 500 for a schema that validates asynchronously', async () => {
    const slow = c.router({
      slow: { ...ping, query: z.object({}).refine(async () => true) },
    });
    const logged: LogEvent[] = [];
    const app = new Koa();
    const handlers = { slow: () => ({ status: 200, body: 'never' }) as const };
    app.use(createKoaMiddleware(slow, handlers, { ...unused, log: (event) => logged.push(event) }));
    await using server = await listen(app);
    expect((await fetch(`${server.url}/ping`)).status).toBe(500);
    expect(String((logged[0] as { error?: unknown }).error)).toContain('synchronously');
  });
});
