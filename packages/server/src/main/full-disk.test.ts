import { closeSync, mkdtempSync, openSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canMountDisks, mountSmallDisk } from '@twite/conformance/small-disk';
import { loadConfig } from '@twite/process/config/load-config';
import { describe, expect, test } from 'vitest';
import { aForm, aPng } from '../http-tests/a-png.ts';
import { makeCall } from '../http-tests/client.ts';
import { join as joinUp, upload } from '../http-tests/people.ts';
import { grantAdmin } from '../http-tests/start-for-test.ts';
import { startEmbedded } from './embedded.ts';

const possible = canMountDisks();

/** Takes all free space, while the server may take some of it as well. */
function fill(path: string): void {
  const file = openSync(join(path, 'filler'), 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
}

const poll = { timeout: 20_000 };

describe.runIf(possible)('a server on a full disk', () => {
  test('refuses writes, serves reads, reports itself as degraded, and recovers without a restart', async () => {
    using disk = mountSmallDisk(6);
    await using server = await startEmbedded(
      loadConfig({
        TWITE_PORT: '0',
        TWITE_METRICS_PORT: '0',
        TWITE_LOG_LEVEL: 'silent',
        TWITE_RATE_LIMITS: 'off',
        TWITE_DATA_DIR: join(disk.path, 'data'),
      }),
    );
    const ask = async (path: string, { token = '', ...init }: RequestInit & { token?: string } = {}) => {
      const headers = {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      };
      const response = await fetch(`${server.url}${path}`, { headers, ...init });
      return { response, body: JSON.parse(await response.text()) };
    };
    const signUp = await ask('/v1/accounts', {
      method: 'POST',
      body: JSON.stringify({ handle: 'cosette', password: 'rue plumet 1832' }),
    });
    const token: string = signUp.body.session.accessToken;
    const post = (text: string) =>
      ask('/v1/posts', { method: 'POST', token, body: JSON.stringify({ text }) });
    const postId: string = (await post('Before')).body.postId;

    fill(disk.path);
    let refused = await post('Full');
    // The write-ahead log may still fit some frames into space that it has.
    while (refused.response.status === 201) refused = await post('Full');
    expect([refused.response.status, refused.body.code]).toEqual([503, 'storage_full']);
    expect(Number(refused.response.headers.get('retry-after'))).toBeGreaterThan(0);

    const uploaded = await makeCall(server.url)('uploadMedia', { token, form: aForm(aPng(300, 300)) });
    expect([uploaded.status, uploaded.body.code]).toEqual([503, 'storage_full']);

    expect((await ask(`/v1/posts/${postId}`)).response.status).toBe(200);
    expect((await ask('/v1/timelines/home', { token })).response.status).toBe(200);
    const ready = await ask('/readyz');
    expect([ready.response.status, ready.body]).toEqual([
      200,
      { status: 'degraded', reason: 'storage_full' },
    ]);
    const metrics = async () => (await fetch(`${server.metricsUrl}/metrics`)).text();
    expect(await metrics()).toContain('twite_storage_full 1');

    unlinkSync(join(disk.path, 'filler'));
    await expect.poll(async () => (await ask('/readyz')).body, poll).toEqual({ status: 'ready' });
    expect((await post('After')).response.status).toBe(201);
    expect(await metrics()).toContain('twite_storage_full 0');
  });
});

describe.runIf(possible)('a server with its media folder on a separate volume', () => {
  const objects = { name: 'objects', primary: false };

  async function start() {
    const resources = new AsyncDisposableStack();
    const folder = mkdtempSync(join(tmpdir(), 'twite-server-media-'));
    resources.defer(() => rmSync(folder, { recursive: true, force: true }));
    const disk = resources.use(mountSmallDisk(1, join(folder, 'media')));
    const server = resources.use(
      await startEmbedded(
        loadConfig({
          TWITE_PORT: '0',
          TWITE_METRICS_PORT: 'off',
          TWITE_LOG_LEVEL: 'silent',
          TWITE_RATE_LIMITS: 'off',
          TWITE_DATA_DIR: folder,
        }),
      ),
    );
    const call = makeCall(server.url);
    const ann = await joinUp(call, 'ann');
    await grantAdmin(server, ann.handle);
    const status = async () => (await call('getStatus', { token: ann.token })).body;
    const isReady = async () => (await fetch(`${server.url}/readyz`)).status;
    return { disk, call, ann, status, isReady, [Symbol.asyncDispose]: () => resources.disposeAsync() };
  }

  test.each([
    ['full', 'storage_full'],
    ['read-only', 'unavailable'],
  ] as const)('refuses uploads while it is %s, and does everything else', async (how, code) => {
    await using test = await start();
    const { disk, call, ann, status, isReady } = test;
    const { token } = ann;
    const [first, second] = [await upload(call, ann), await upload(call, ann)];
    expect((await status()).degraded).toEqual([]);

    if (how === 'full') fill(disk.path);
    else disk.remount('ro');
    const key = { 'idempotency-key': 'again' };
    const form = () => aForm(aPng(300, 200));
    const refused = await call('uploadMedia', { token, form: form(), headers: key });
    expect([refused.status, refused.body.code]).toEqual([503, code]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const told = await status();
    expect(told.dependencies).toContainEqual(expect.objectContaining({ ...objects, state: 'down' }));
    expect(told.degraded.join()).toMatch(/[Uu]ploads/);
    expect(await isReady()).toBe(200);
    const posted = await call('createPost', { token, body: { text: '', mediaIds: [first.mediaId] } });
    expect(posted).toMatchObject({ status: 201, body: { media: [{ mediaId: first.mediaId }] } });
    expect((await call('createPost', { token, body: { text: 'Only text' } })).status).toBe(201);
    expect((await fetch(first.url)).status).toBe(200);
    const path = { mediaId: second.mediaId };
    expect((await call('deleteMedia', { token, path })).status).toBe(204);
    expect((await call('getMedia', { token, path })).status).toBe(404);

    if (how === 'full') unlinkSync(join(disk.path, 'filler'));
    else disk.remount('rw');
    expect((await call('uploadMedia', { token, form: form(), headers: key })).status).toBe(201);
    await expect.poll(async () => (await fetch(second.url)).status, poll).toBe(404);
    expect((await status()).degraded).toEqual([]);
  });
});
