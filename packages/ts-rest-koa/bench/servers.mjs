// A child of overhead.mjs: one server, which tells its processor time when asked.
import { createServer } from 'node:http';
import { initContract } from '@ts-rest/core';
import Koa from 'koa';
import { createKoaMiddleware, raw } from 'ts-rest-koa';
import { z } from 'zod4';

const items = Array.from({ length: 20 }, (_, i) => ({ postId: `${i}`, text: 'x'.repeat(560) }));
const json = JSON.stringify({ items });

function contractOf(routes) {
  const c = initContract();
  const route = (path) => ({
    method: 'GET',
    path,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.string().optional(),
    }),
    headers: { authorization: z.string().optional() },
    responses: { 200: c.type() },
    metadata: { auth: 'optional' },
  });
  const entries = Array.from({ length: routes }, (_, i) => [
    `route${i}`,
    route(`/things${i}/:thingId/parts`),
  ]);
  return c.router({ ...Object.fromEntries(entries), home: route('/timelines/:name') });
}

function koaWith(middleware) {
  const app = new Koa();
  app.use(middleware);
  return app.callback();
}

function adapter(body, options = {}) {
  const contract = contractOf(60);
  const handler = async () => ({ status: 200, body: body() });
  const handlers = Object.fromEntries(Object.keys(contract).map((key) => [key, handler]));
  return koaWith(
    createKoaMiddleware(contract, handlers, {
      beforeBody: [(ctx) => void ctx.metadata.auth],
      onProblem: () => ({ status: 500 }),
      log: console.error,
      ...options,
    }),
  );
}

function answer(res, payload) {
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.setHeader('content-length', Buffer.byteLength(payload));
  res.end(payload);
}

const servers = {
  'node:http': () => (_req, res) => answer(res, json),
  'node:http, buffer': () => (_req, res) => answer(res, Buffer.from(json)),
  'koa alone': () =>
    koaWith((koa) => {
      koa.type = 'json';
      koa.body = json;
    }),
  'ts-rest-koa, raw': () => adapter(() => raw(json)),
  'ts-rest-koa, raw, buffer': () => adapter(() => raw(Buffer.from(json))),
  'ts-rest-koa, raw, etag': () => adapter(() => raw(json), { etag: true }),
  'ts-rest-koa, objects': () => adapter(() => ({ items })),
  'node:http, objects': () => (_req, res) => answer(res, JSON.stringify({ items })),
};

const name = process.argv[2];
if (name === undefined) {
  process.send({ names: Object.keys(servers) });
} else {
  const server = createServer(servers[name]());
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  process.on('disconnect', () => process.exit());
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send({ cpuMicros: user + system });
  });
}
