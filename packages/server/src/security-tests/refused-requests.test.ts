import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SpawnedServer, spawnServer } from './spawn-server.ts';

let server: SpawnedServer;
beforeAll(async () => {
  server = await spawnServer({});
});
afterAll(() => server?.[Symbol.asyncDispose]());

interface Exchange {
  readonly answer: string;
  /** The error code of a failed send or read. */
  readonly broken: string | undefined;
}

/** Acts like simple clients, such as Python's urllib: sends everything, and only then reads. */
async function sendThenRead(head: readonly string[], body: string | Buffer = ''): Promise<Exchange> {
  const socket = connect(server.port, server.host);
  let broken: string | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    broken ??= error.code;
  });
  const closed = once(socket, 'close');
  socket.pause();
  await once(socket, 'connect');
  await new Promise<void>((resolve) => {
    socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(body)]), () =>
      resolve(),
    );
  });
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.resume();
  await closed;
  return { answer, broken };
}

const signUp = (length: number, ...more: string[]) => [
  'POST /v1/accounts HTTP/1.1',
  'Host: twite',
  'Content-Type: application/json',
  `Content-Length: ${length}`,
  'Connection: close',
  ...more,
];

describe('a body over the limit', () => {
  test.each([
    ['20 MB', 20_000_000, 3],
    ['3 MB', 3_000_000, 20],
  ])('of %s gets 413, even if the client sends all of it first', async (_, length, times) => {
    const body = Buffer.alloc(length, 'x');
    for (let time = 0; time < times; time++) {
      const { answer, broken } = await sendThenRead(signUp(length), body);
      expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"payload_too_large"/);
      expect(broken).toBeUndefined();
    }
  });

  test('gets 401 if the client is not signed in', async () => {
    const body = Buffer.alloc(3_000_000, 'x');
    const head = signUp(body.length).with(0, 'POST /v1/posts HTTP/1.1');
    const { answer, broken } = await sendThenRead(head, body);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(broken).toBeUndefined();
  });
});

describe('a request with Expect: 100-continue', () => {
  const expecting = (requestLine: string, ...more: string[]) =>
    sendThenRead(signUp(500, 'Expect: 100-continue', ...more).with(0, `${requestLine} HTTP/1.1`));

  test.each([
    ['without a token', 'POST /v1/posts', [], 401],
    ['with a token that is none', 'POST /v1/posts', ['Authorization: Bearer twa_none'], 401],
    ['with a token that is none, for an upload', 'POST /v1/media', ['Authorization: Bearer twa_none'], 401],
    ['for a path that there is not', 'POST /v1/nothing', [], 404],
    ['for a page', 'POST /docs', [], 405],
  ] as const)('%s is refused and not asked for its body', async (_, requestLine, more, status) => {
    const { answer } = await expecting(requestLine, ...more);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toContain(' 100 ');
  });
});

describe('a request', () => {
  const ask = (...headers: readonly string[]) =>
    sendThenRead(['GET /v1/instance HTTP/1.1', ...headers, 'Connection: close']);

  test.each([
    ['two Host headers', ['Host: twite.example', 'Host: other.example']],
    ['two equal ones', ['Host: twite.example', 'host: twite.example']],
    ['none', []],
    ['a path in it', ['Host: twite.example/path']],
    ['a user in it', ['Host: ann@twite.example']],
    ['a space in it', ['Host: twite example']],
  ])('with %s is refused with 400', async (_, headers) => {
    expect((await ask(...headers)).answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test.each(['twite.example', 'twite.example:8080', '127.0.0.1:1', '[::1]:8080', 'xn--strae-oqa.example'])(
    'with the host %s is answered',
    async (host) => {
      expect((await ask(`Host: ${host}`)).answer).toMatch(/^HTTP\/1\.1 200 /);
    },
  );
});
