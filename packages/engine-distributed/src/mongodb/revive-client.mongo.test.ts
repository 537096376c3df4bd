import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { openTcpProxy } from '../rabbitmq/testing/tcp-proxy.ts';
import { reviveHungClient } from './revive-client.ts';
import { mongoUrl } from './testing/open-mongo.ts';

const quick = { serverSelectionTimeoutMS: 500, connectTimeoutMS: 500 };
const times = { hungMs: 200, checkEveryMs: 20 };

/** Emits what the driver's monitor emits when it begins a heartbeat; no end follows it. */
const hang = (client: MongoClient, address: string) => {
  client.emit('serverDescriptionChanged', { address, newDescription: { type: 'Unknown' } } as never);
  client.emit('serverHeartbeatStarted', { connectionId: address } as never);
};

describe.runIf(mongoUrl !== '')('a client whose monitor hangs (TWITE_TEST_MONGODB_URL)', () => {
  it('reconnects, and again until the server is back', async () => {
    await using proxy = await openTcpProxy(mongoUrl);
    const client = new MongoClient(proxy.url, quick);
    const lines: string[] = [];
    await using _watch = reviveHungClient(client, { log: ({ msg }) => lines.push(msg), ...times });
    const ping = () =>
      client
        .db('admin')
        .command({ ping: 1 })
        .then(({ ok }) => ok);
    expect(await ping()).toBe(1);
    let opened = 0;
    client.on('topologyOpening', () => {
      opened += 1;
    });
    proxy.break();
    hang(client, 'gone:1');
    await expect.poll(() => lines).toContain('mongodb reconnect failed');
    expect(lines.filter((line) => line.includes('stalled'))).toHaveLength(1);
    proxy.mend();
    await expect.poll(ping).toBe(1);
    expect(opened).toBeGreaterThan(0);
    await client.close();
  });

  it('is not touched while its heartbeats complete, or its server is known', async () => {
    const client = new MongoClient(mongoUrl, quick);
    const lines: string[] = [];
    await using _watch = reviveHungClient(client, { log: ({ msg }) => lines.push(msg), ...times });
    await client.connect();
    // A known server answers other requests: its monitor may be waiting for changes.
    client.emit('serverHeartbeatStarted', { connectionId: 'known:1' } as never);
    hang(client, 'ended:1');
    client.emit('serverHeartbeatFailed', { connectionId: 'ended:1' } as never);
    hang(client, 'hung:1');
    await expect.poll(() => lines).toHaveLength(1);
    expect(lines).toEqual(['mongodb monitor stalled']);
    await expect.poll(() => client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
  });
});
