import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ContractError } from '@twite/contract';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type Form, readForm } from './read-form.ts';
import { SpooledFile } from './spooled-file.ts';
import { openUploadFolder } from './upload-folder.ts';
import { type Pace, uploadPace } from './watch-pace.ts';

const form: Form = {
  files: { file: { bytesMax: 1_000_000, required: true }, poster: { bytesMax: 1_000 } },
  texts: { altText: { bytesMax: 40 }, focus: { bytesMax: 20 } },
};

let closing = new AsyncDisposableStack();
afterEach(async () => {
  await closing.disposeAsync();
  closing = new AsyncDisposableStack();
});

interface Seen {
  readonly file?: { readonly bytes: number; readonly sha256: string; readonly content: string };
}

/** A server that answers with what it read. `outcomes` has the code of each request, `ok` when there was no error. */
async function serve(pace: Pace = uploadPace) {
  const parent = mkdtempSync(join(tmpdir(), 'twite-form-'));
  closing.defer(() => rmSync(parent, { recursive: true }));
  const folder = closing.use(await openUploadFolder(parent));
  const outcomes: string[] = [];
  const spooled: string[] = [];
  const server = createServer(async (req, res) => {
    const spool = folder.newSpool();
    try {
      const content = await readForm(req, form, spool, { pace });
      if ('issues' in content) {
        res.statusCode = 422;
        res.end(JSON.stringify(content.issues.map(({ path, code }) => `${path} ${code}`)));
      } else {
        const fields = Object.entries(content.value).map(([name, value]) => {
          if (!(value instanceof SpooledFile)) return [name, value];
          spooled.push(value.path);
          return [name, { ...value.toJSON(), content: readFileSync(value.path, 'latin1') }];
        });
        res.end(JSON.stringify(Object.fromEntries(fields)));
      }
      outcomes.push('ok');
    } catch (error) {
      const code = error instanceof ContractError ? error.code : 'internal';
      res.statusCode = error instanceof ContractError ? error.status : 500;
      if (res.statusCode === 408) res.setHeader('connection', 'close');
      res.end(
        JSON.stringify({ code, errors: error instanceof ContractError ? error.errors : String(error) }),
      );
      outcomes.push(code);
    } finally {
      await spool.remove();
    }
  });
  closing.defer(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    outcomes,
    spooled,
    /** Files of uploads: each in a folder within that of the process. */
    filesLeft: () =>
      readdirSync(parent, { recursive: true }).filter((name) => String(name).split('/').length === 3),
    async send(body: FormData | string | Buffer<ArrayBuffer>, contentType?: string) {
      const headers = contentType === undefined ? {} : { 'content-type': contentType };
      const answer = await fetch(url, { method: 'POST', body, headers });
      // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse has it
      return { status: answer.status, body: (await answer.json()) as any };
    },
  };
}

const boundary = 'xXx';
const type = `multipart/form-data; boundary=${boundary}`;
const part = (headers: string, content: string): string =>
  `--${boundary}\r\n${headers}\r\n\r\n${content}\r\n`;
const named = (name: string, content: string, more = ''): string =>
  part(`Content-Disposition: form-data; name="${name}"${more}`, content);
const end = `--${boundary}--\r\n`;

test('files are spooled and hashed, texts are read', async () => {
  const server = await serve();
  const bytes = randomBytes(300_000);
  const data = new FormData();
  data.set('altText', 'Ein Garten, grün');
  data.set('file', new Blob([bytes]), 'garden.png');
  data.set('poster', new Blob([]), 'poster.png');
  const { status, body } = await server.send(data);
  expect(status).toBe(200);
  expect(body.altText).toBe('Ein Garten, grün');
  const { file } = body as Seen;
  expect(file?.bytes).toBe(300_000);
  expect(file?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(Buffer.from(file?.content ?? '', 'latin1').equals(bytes)).toBe(true);
  expect(body.poster.bytes).toBe(0);
  await expect.poll(() => server.filesLeft()).toEqual([]);
});

test('the JSON of a file is its content alone, and it is frozen', () => {
  const file = new SpooledFile({ path: '/tmp/a', bytes: 3, sha256: 'abc' });
  expect(JSON.stringify({ file })).toBe('{"file":{"sha256":"abc","bytes":3}}');
  expect(Object.isFrozen(file)).toBe(true);
});

test('file names and their paths are ignored', async () => {
  const server = await serve();
  for (const name of [
    '../../etc/passwd',
    '..\\..\\boot.ini',
    '/etc/passwd',
    'a\0b',
    'C:\\x',
    '%2e%2e%2f',
    '',
  ]) {
    const { status, body } = await server.send(
      Buffer.from(`${named('file', 'content', `; filename="${name}"`)}${end}`),
      type,
    );
    expect([name, status, body.file.content]).toEqual([name, 200, 'content']);
  }
  await expect.poll(() => server.spooled.filter((path) => existsSync(path))).toEqual([]);
  expect(new Set(server.spooled.map((path) => join(path, '../..'))).size).toBe(1);
});

test('a field is a file by its field name, with or without a file name and a type', async () => {
  const server = await serve();
  const { body } = await server.send(
    `${named('file', 'as text')}${part(
      'Content-Disposition: form-data; name="altText"; filename="a.txt"\r\nContent-Type: application/octet-stream',
      'as file',
    )}${end}`,
    type,
  );
  expect(body).toMatchObject({ altText: 'as file', file: { content: 'as text' } });
});

test('an optional file that was not selected in a browser is absent', async () => {
  const server = await serve();
  const empty = '; filename=""\r\nContent-Type: application/octet-stream';
  const { body } = await server.send(`${named('file', 'x')}${named('poster', '', empty)}${end}`, type);
  expect(Object.keys(body)).toEqual(['file']);
  expect((await server.send(`${named('file', '', empty)}${end}`, type)).body).toEqual(['file required']);
});

test('all issues of the fields are reported by field', async () => {
  const server = await serve();
  const { status, body } = await server.send(
    Buffer.concat([
      Buffer.from(named('altText', 'x'.repeat(41))),
      Buffer.from(named('focus', '0,0') + named('focus', '0,1') + named('__proto__', 'x')),
      Buffer.from(named('surprise', 'y'.repeat(100_000), '; filename="z"')),
      Buffer.from(end),
    ]),
    type,
  );
  expect(status).toBe(422);
  expect(body.sort()).toEqual([
    '__proto__ unrecognized_keys',
    'altText too_big',
    'file required',
    'focus duplicate_key',
    'surprise unrecognized_keys',
  ]);
  const latin1 = Buffer.concat([
    Buffer.from(
      `${named('file', 'x')}--${boundary}\r\nContent-Disposition: form-data; name="altText"\r\n\r\n`,
    ),
    Buffer.from([0xe4]),
    Buffer.from(`\r\n${end}`),
  ]);
  expect((await server.send(latin1, type)).body).toEqual(['altText malformed_encoding']);
  const base64 = '\r\nContent-Transfer-Encoding: base64';
  expect((await server.send(`${named('file', 'eA==', base64)}${end}`, type)).body).toEqual([
    'file unsupported_encoding',
  ]);
  const twice = `${named('file', 'x')}${named('file', 'y')}${end}`;
  expect((await server.send(twice, type)).body).toEqual(['file duplicate_key']);
  const many = await server.send(`${named('more', 'x').repeat(500)}${end}`, type);
  expect([many.status, many.body.code]).toEqual([422, 'invalid_input']);
  await expect.poll(() => server.filesLeft()).toEqual([]);
});

test.each([
  ['no boundary', `${named('file', 'x')}${end}`, 'multipart/form-data'],
  ['no part', 'hello', type],
  ['only the last boundary is missing', named('file', 'x'), type],
  ['it ends within a file', named('file', 'x').slice(0, -2), type],
  ['it ends within headers', `--${boundary}\r\nContent-Disposition: form-da`, type],
  ['a part without a name', `${part('Content-Disposition: form-data', 'x')}${end}`, type],
  ['another boundary', `${named('file', 'x')}${end}`, 'multipart/form-data; boundary=other'],
])('malformed: %s', async (_what, body, contentType) => {
  const server = await serve();
  const answer = await server.send(body, contentType);
  expect([answer.status, answer.body.code]).toEqual([400, 'malformed_form']);
  await expect.poll(() => server.filesLeft()).toEqual([]);
});

describe('too large', () => {
  test('a file is refused if it exceeds the limit of its field', async () => {
    const server = await serve();
    for (const [name, bytes] of [
      ['poster', 1_001],
      ['file', 1_000_001],
    ] as const) {
      const data = new FormData();
      data.set(name, new Blob([Buffer.alloc(bytes)]), 'x');
      const { status, body } = await server.send(data);
      expect([status, body.code]).toEqual([413, 'media_too_large']);
      expect(body.errors).toMatchObject([{ in: 'body', path: name, code: 'too_big' }]);
    }
    await expect.poll(() => server.filesLeft()).toEqual([]);
  });

  test('exactly the limit is accepted', async () => {
    const server = await serve();
    const data = new FormData();
    data.set('file', new Blob([Buffer.alloc(1_000_000)]), 'x');
    expect((await server.send(data)).status).toBe(200);
  });

  test('a declared size above the limit is refused before the body is sent', async () => {
    const server = await serve();
    const client = connect(server.port, '127.0.0.1');
    client.write(
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 900000000\r\nConnection: close\r\n\r\n`,
    );
    expect(await text(client)).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('a client that sends endlessly gets its response in bounded time', async () => {
    const server = await serve();
    const client = connect(server.port, '127.0.0.1');
    let sending = true;
    client
      .on('error', () => {})
      .once('close', () => {
        sending = false;
      });
    client.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const start = `--${boundary}\r\nContent-Disposition: form-data; name="file"\r\n\r\n`;
    client.write(`${start.length.toString(16)}\r\n${start}\r\n`);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const pump = () => {
      while (sending && client.write(chunk));
    };
    client.on('drain', pump);
    pump();
    const answer = await new Promise<string>((resolve) => {
      let received = '';
      client.on('data', (data) => {
        received += data;
      });
      client.once('close', () => resolve(received));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    await expect.poll(() => server.filesLeft()).toEqual([]);
  });
});

describe('clients that disconnect or wait', () => {
  const begin = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 90000\r\n\r\n`;
  const half = `${begin}--${boundary}\r\nContent-Disposition: form-data; name="file"\r\n\r\nhalf of`;

  test('spooled files are removed when the client disconnects', async () => {
    const server = await serve();
    const client = connect(server.port, '127.0.0.1');
    client.write(half);
    await expect.poll(() => server.filesLeft()).toHaveLength(1);
    client.destroy();
    await expect.poll(() => server.outcomes).toEqual(['internal']);
    await expect.poll(() => server.filesLeft()).toEqual([]);
  });

  const patient: Pace = { stallMs: 60_000, bytesPerSecondMin: 0, totalMs: 600_000 };
  test.each([
    ['sends nothing for too long', { ...patient, stallMs: 20 }],
    ['takes too long in all', { ...patient, totalMs: 20 }],
  ])('one that %s gets 408', async (_what, pace) => {
    const server = await serve(pace);
    const client = connect(server.port, '127.0.0.1');
    client.write(half);
    // Ends when the server closes the connection.
    expect(await text(client)).toMatch(/^HTTP\/1\.1 408 /);
    await expect.poll(() => server.filesLeft()).toEqual([]);
  });

  test('one that sends a byte occasionally gets 408', async () => {
    const server = await serve({ ...patient, stallMs: 50, bytesPerSecondMin: 100_000 });
    const client = connect(server.port, '127.0.0.1');
    client.write(half);
    const dribble = setInterval(() => client.write('.'), 5);
    client.on('error', () => {});
    expect(await text(client)).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(dribble);
  });
});

test('data after the last boundary is ignored', async () => {
  const server = await serve();
  const { status, body } = await server.send(`${named('file', 'x')}${end}${'more'.repeat(10_000)}`, type);
  expect([status, body.file.content]).toEqual([200, 'x']);
});

test('any input in any chunks gets a response below 500, and leaves no files', async () => {
  const server = await serve();
  const token = fc.constantFrom(
    `--${boundary}`,
    `--${boundary}--`,
    '\r\n',
    '\r\n\r\n',
    '\r',
    '\n',
    '--',
    boundary,
    'Content-Disposition: form-data; name="file"',
    'Content-Disposition: form-data; name="altText"; filename="a"',
    'Content-Disposition: form-data',
    'Content-Disposition: attachment; name=file',
    'Content-Type: text/plain; charset=utf-16',
    'Content-Type: multipart/mixed; boundary=inner',
    'Content-Transfer-Encoding: base64',
    ': ',
    'x'.repeat(70_000),
    '\0',
    'é',
  );
  const whole = fc.array(fc.oneof(token, fc.string()), { maxLength: 12 }).map((parts) => parts.join(''));
  const likely = fc
    .tuple(fc.constantFrom('file', 'altText', 'poster', 'other'), fc.oneof(token, fc.string()))
    .map(([name, content]) => named(name, content));
  const bodies = fc
    .array(fc.oneof(likely, whole), { maxLength: 6 })
    .map((parts) => `${parts.join('')}${end}`);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(bodies, whole),
      fc.infiniteStream(fc.integer({ min: 1, max: 5_000 })),
      async (body, sizes) => {
        const bytes = Buffer.from(body);
        const client = connect(server.port, '127.0.0.1');
        client.setNoDelay(true);
        client.on('error', () => {});
        client.write(
          `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`,
        );
        for (let at = 0; at < bytes.length; ) {
          const size = sizes.next().value;
          client.write(bytes.subarray(at, at + size));
          at += size;
        }
        const answer = await text(client);
        expect(answer, JSON.stringify(body.slice(0, 300))).toMatch(/^HTTP\/1\.1 (200|400|413|422) /);
      },
    ),
    { numRuns: 1_000 },
  );
  await expect.poll(() => server.filesLeft()).toEqual([]);
});
