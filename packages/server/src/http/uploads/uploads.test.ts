import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aForm, aPng } from '../../http-tests/a-png.ts';
import { type Call, makeCall } from '../../http-tests/client.ts';
import { join as signUp } from '../../http-tests/people.ts';
import { configForTest } from '../../http-tests/start-for-test.ts';
import { startEmbedded } from '../../main/embedded.ts';
import type { RunningServer } from '../../main/serve.ts';

let folder: string;
let server: RunningServer;
let call: Call;
let token: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twite-uploads-'));
  // Nothing may wait: while one image is processed, the server is full.
  server = await startEmbedded(
    configForTest({ TWITE_UPLOAD_DIR: folder, TWITE_MEDIA_CONCURRENCY: '1', TWITE_MEDIA_QUEUE: '1' }),
  );
  call = makeCall(server.url);
  token = (await signUp(call, 'ann')).token;
});
afterAll(async () => {
  await server.close();
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

/** Files and folders of uploads and of their processing, below those of the process. */
const leftCount = (): number =>
  readdirSync(folder, { recursive: true }).filter((path) => String(path).includes('/')).length;

/** Sends bytes unchanged. Returns the whole answer until the server closes the connection. */
function sendRaw(headers: readonly string[], body = '') {
  const client = connect(Number(new URL(server.url).port), '127.0.0.1');
  client.on('error', () => {});
  client.write(`POST /v1/media HTTP/1.1\r\nHost: twite\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
  return client;
}
const form = 'Content-Type: multipart/form-data; boundary=xXx';
const half = '--xXx\r\nContent-Disposition: form-data; name="file"; filename="../../a.png"\r\n\r\nhalf of';

test('nothing is left on disk after an upload or a refused one', async () => {
  expect((await call('uploadMedia', { token, form: aForm(aPng(40, 30)) })).status).toBe(201);
  expect((await call('uploadMedia', { token, form: aForm(Buffer.from('no picture')) })).status).toBe(415);
  const key = { 'idempotency-key': 'not a key' };
  expect((await call('uploadMedia', { token, form: aForm(aPng(40, 30)), headers: key })).status).toBe(422);
  await expect.poll(leftCount).toBe(0);
});

test('a missing permission is reported before the body is sent', async () => {
  const client = sendRaw([form, 'Content-Length: 9000000', 'Connection: close']);
  expect(await text(client)).toMatch(/^HTTP\/1\.1 401 /);
});

test('a client that waits for 100 Continue does not have to send a body that is too large', async () => {
  const authorization = `Authorization: Bearer ${token}`;
  const client = sendRaw([
    form,
    authorization,
    'Content-Length: 900000000',
    'Expect: 100-continue',
    'Connection: close',
  ]);
  const answer = await text(client);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toContain('"code":"media_too_large"');
});

test('a client that disconnects leaves nothing, and can retry with its key', async () => {
  const key = `key-${token.slice(-20)}`;
  const client = sendRaw(
    [form, `Authorization: Bearer ${token}`, `Idempotency-Key: ${key}`, 'Content-Length: 90000'],
    half,
  );
  await expect.poll(leftCount).toBeGreaterThan(0);
  client.destroy();
  await expect.poll(leftCount).toBe(0);
  const headers = { 'idempotency-key': key };
  expect((await call('uploadMedia', { token, headers, form: aForm(aPng(40, 30)) })).status).toBe(201);
});

test('a body that ends too early is malformed', async () => {
  const client = sendRaw(
    [form, `Authorization: Bearer ${token}`, `Content-Length: ${half.length}`, 'Connection: close'],
    half,
  );
  const answer = await text(client);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"malformed_form"');
  await expect.poll(leftCount).toBe(0);
});

test('another content type is refused, with the one to send', async () => {
  const { status, body } = await call('uploadMedia', { token, body: { file: 'x' } });
  expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
  expect(body.detail).toContain('multipart/form-data');
});

test('uploads are refused before they are read while the queue is full', async () => {
  // Slow enough to be observed in progress.
  const uploads = Array.from({ length: 3 }, () =>
    call('uploadMedia', { token, form: aForm(aPng(2_000, 2_000)) }),
  );
  await expect.poll(() => server.deps.mediaProcessor.isFull(), { interval: 1 }).toBe(true);
  const client = sendRaw([
    form,
    `Authorization: Bearer ${token}`,
    'Content-Length: 9000',
    'Connection: close',
  ]);
  const answer = await text(client);
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  expect(answer.toLowerCase()).toContain('\r\nretry-after: ');
  expect(answer).toContain('"code":"overloaded"');
  for (const { status } of await Promise.all(uploads)) expect([201, 503]).toContain(status);
  await expect.poll(leftCount).toBe(0);
});
