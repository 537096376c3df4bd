import { readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canMountDisks, mountSmallDisk } from '@twite/conformance/small-disk';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { makeVideo } from './testing/make-video.ts';
import { openTestProcessor } from './testing/open-test-processor.ts';

describe.runIf(canMountDisks())('on a full disk', () => {
  test('images and videos are refused as storage_full, leave nothing, and work once there is space', async () => {
    using mounted = mountSmallDisk(1);
    const disk = mounted.path;
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
    // Twice: once while the source is spooled and once while the result is written.
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
