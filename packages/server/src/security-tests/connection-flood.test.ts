import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SpawnedServer, spawnServer } from './spawn-server.ts';

const connectionsMax = 500;
const flood = 3_000;
const atOnce = 100;

describe('a flood of connections', () => {
  let server: SpawnedServer;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  beforeAll(async () => {
    server = await spawnServer({ TWITE_CONNECTIONS_MAX: String(connectionsMax) });
  });
  afterAll(async () => {
    agent.destroy();
    await server?.[Symbol.asyncDispose]();
  });

  /** Makes a request on the kept-alive connection. Reports whether it was used before. */
  const askKept = (): Promise<{ status: number | undefined; reused: boolean }> =>
    new Promise((resolve, reject) => {
      const request = get(`${server.url}/v1/instance`, { agent }, async (response) => {
        await text(response);
        resolve({ status: response.statusCode, reused: request.reusedSocket });
      }).on('error', reject);
    });

  async function openSilent(): Promise<Socket> {
    const socket = connect(server.port, server.host);
    socket.on('error', () => {});
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    return socket;
  }

  test('leaves room for new clients, keep-alive clients and the health endpoints', async () => {
    expect(await askKept()).toEqual({ status: 200, reused: false });
    const before = server.rssMb();
    const sockets = new Set<Socket>();
    for (let opened = 0; opened < flood; opened += atOnce) {
      for (const socket of await Promise.all(Array.from({ length: atOnce }, openSilent))) {
        if (socket.destroyed) continue;
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      }
      const fresh = await fetch(`${server.url}/readyz`, { headers: { connection: 'close' } });
      expect(fresh.status).toBe(200);
      await fresh.arrayBuffer();
      expect(await askKept()).toEqual({ status: 200, reused: true });
    }
    expect((await fetch(`${server.metricsUrl}/livez`)).status).toBe(200);
    expect((await fetch(`${server.metricsUrl}/metrics`)).status).toBe(200);
    await expect.poll(() => sockets.size).toBeLessThanOrEqual(connectionsMax);
    expect(sockets.size).toBeGreaterThan(connectionsMax / 2);
    if (!Number.isNaN(before)) expect(server.rssMb() - before).toBeLessThan(100);
    for (const socket of sockets) socket.destroy();
  });
});
