import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@twite/process/config/load-config';
import { describe, expect, test } from 'vitest';
import { startEmbedded } from './embedded.ts';

/** A file system of 6 MB, or undefined when mounting is not permitted here. */
function mountDisk(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'twite-server-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', path], { stdio: 'ignore' });
  return {
    path,
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true });
    },
  };
}

function canMount(): boolean {
  try {
    using _disk = mountDisk();
    return true;
  } catch {
    return false;
  }
}

const possible = canMount();
if (!possible) process.stderr.write('skipped: tests of a full disk need permission to mount a tmpfs\n');

/** Takes all the space, while the server may take some of it as well. */
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
  test('refuses writes, answers reads, reports itself as degraded, and recovers without a restart', async () => {
    using disk = mountDisk();
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
    // The write-ahead log may still hold some frames in space that it has.
    while (refused.response.status === 201) refused = await post('Full');
    expect([refused.response.status, refused.body.code]).toEqual([503, 'storage_full']);
    expect(Number(refused.response.headers.get('retry-after'))).toBeGreaterThan(0);

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
