import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeVideo } from './testing/make-video.ts';
import { openTestProcessor } from './testing/open-test-processor.ts';

/** Mounts a file system of 1 MB; false when that is not permitted here. */
function mount(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const unmount = (path: string) => execFileSync('umount', ['-l', path]);

function canMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'twite-mount-'));
  const isMounted = mount(probe);
  if (isMounted) unmount(probe);
  rmSync(probe, { recursive: true, force: true });
  return isMounted;
}

const possible = canMount();
if (!possible) process.stderr.write('skipped: tests of a full disk need permission to mount a tmpfs\n');

describe.runIf(possible)('on a full disk', () => {
  let disk = '';
  beforeAll(() => {
    disk = mkdtempSync(join(tmpdir(), 'twite-disk-'));
    mount(disk);
  });
  afterAll(() => {
    unmount(disk);
    rmSync(disk, { recursive: true, force: true });
  });

  test('images and videos are refused as storage_full, leave nothing, and work once there is space', async () => {
    await using media = await openTestProcessor({ folder: disk });
    const image = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#28b43c' } })
      .jpeg()
      .toBuffer();
    const small = await media.process(image);
    await small[Symbol.asyncDispose]();
    const own = join(disk, readdirSync(disk)[0] ?? '');
    writeFileSync(join(disk, 'fills'), Buffer.alloc(100_000));
    expect(() => writeFileSync(join(disk, 'rest'), Buffer.alloc(2_000_000))).toThrow('ENOSPC');
    const full = { code: 'storage_full', status: 503, retryAfterSeconds: 5 };
    await expect(media.process(image)).rejects.toMatchObject(full);
    // Twice, once while the source is spooled and once while the result is written.
    const video = await makeVideo({ format: 'mp4', frameBytes: 1_500 });
    await expect(media.process(video)).rejects.toMatchObject(full);
    unlinkSync(join(disk, 'fills'));
    await expect(media.process(video)).rejects.toMatchObject(full);
    expect(readdirSync(own)).toEqual([]);
    unlinkSync(join(disk, 'rest'));
    await (await media.process(image))[Symbol.asyncDispose]();
    await (await media.process(video))[Symbol.asyncDispose]();
  });
});
