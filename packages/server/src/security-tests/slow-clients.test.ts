import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setInterval as every } from 'node:timers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SpawnedServer, spawnServer } from './spawn-server.ts';

/** The number of clients of each kind, at the same time. */
const clients = 100;
const pipelined = 100;

interface SlowClient {
  readonly socket: Socket;
  /** Resolves with the answer when the server has closed the connection. */
  readonly closed: Promise<string>;
}

describe('slow clients', () => {
  let server: SpawnedServer;
  beforeAll(async () => {
    server = await spawnServer({});
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  async function open(): Promise<SlowClient> {
    const socket = connect(server.port, server.host);
    socket.on('error', () => {});
    let answered = '';
    socket.on('data', (chunk) => {
      answered += chunk;
    });
    const closed = once(socket, 'close').then(() => answered);
    await once(socket, 'connect');
    return { socket, closed };
  }

  /** Sends a byte per second, as long as the server accepts it. */
  async function dribble(beginning: string): Promise<SlowClient> {
    const client = await open();
    client.socket.write(beginning);
    const timer = every(() => client.socket.write('x'), 1_000);
    client.socket.once('close', () => clearInterval(timer));
    return client;
  }

  const many = <T>(make: () => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: clients }, make));

  test('clients that send byte by byte are disconnected, and others are served meanwhile', async () => {
    const headers = await many(() => dribble('GET /v1/instance HTTP/1.1\r\nHost: twite\r\nX-Slow: '));
    const bodies = await many(() =>
      dribble(
        'POST /v1/sessions HTTP/1.1\r\nHost: twite\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
      ),
    );
    let areOpen = true;
    const others = (async () => {
      const statuses: number[] = [];
      while (areOpen) {
        statuses.push((await fetch(`${server.url}/v1/instance`)).status);
        statuses.push((await fetch(`${server.url}/readyz`)).status);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return statuses;
    })();
    const ofBodies = await Promise.all(bodies.map(({ closed }) => closed));
    const ofHeaders = await Promise.all(headers.map(({ closed }) => closed));
    areOpen = false;
    for (const answer of ofBodies) expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/);
    for (const answer of ofHeaders) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(new Set(await others)).toEqual(new Set([200]));
  });

  test('clients that send many requests and read nothing use little memory, and others are served meanwhile', async () => {
    await (await fetch(`${server.url}/openapi.json`)).text();
    const before = server.rssMb();
    const readers = await many(open);
    for (const { socket } of readers) {
      socket.pause();
      socket.write('GET /openapi.json HTTP/1.1\r\nHost: twite\r\n\r\n'.repeat(pipelined));
    }
    for (let index = 0; index < 20; index++) {
      const answer = await fetch(`${server.url}/openapi.json`);
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    }
    // All the requested data would be gigabytes.
    if (!Number.isNaN(before)) expect(server.rssMb() - before).toBeLessThan(400);
    for (const { socket } of readers) socket.destroy();
    await Promise.all(readers.map(({ closed }) => closed));
  });
});
