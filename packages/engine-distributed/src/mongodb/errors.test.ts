import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { MongoClient, MongoServerError, MongoWriteConcernError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { isMongoUnavailable } from './errors.ts';

async function failureAt(port: number): Promise<unknown> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 100,
    connectTimeoutMS: 100,
  });
  try {
    return await client
      .db('x')
      .collection('x')
      .findOne()
      .catch((error: unknown) => error);
  } finally {
    await client.close();
  }
}

describe('MongoDB is unavailable', () => {
  it('when nothing listens or responds', async () => {
    await using server = createServer((socket) => socket.resume());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(isMongoUnavailable(await failureAt(port))).toBe(true);
    expect(isMongoUnavailable(await failureAt(1))).toBe(true);
  });

  it('when it stops, changes its primary or takes too long', () => {
    for (const code of [18, 50, 91, 189, 262, 10107, 11600, 11602, 13435]) {
      expect(isMongoUnavailable(new MongoServerError({ message: 'x', code }))).toBe(true);
    }
    const late = { ok: 1, writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } };
    expect(isMongoUnavailable(new MongoWriteConcernError(late as never))).toBe(true);
  });

  it('but not when it returns an error', () => {
    for (const code of [2, 13, 11000]) {
      expect(isMongoUnavailable(new MongoServerError({ message: 'x', code }))).toBe(false);
    }
    expect(isMongoUnavailable(new TypeError('x'))).toBe(false);
    expect(isMongoUnavailable(undefined)).toBe(false);
  });
});
