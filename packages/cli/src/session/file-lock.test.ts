import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withFileLock } from './file-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const longAgo = new Date(0);

test.each([
  ['a lock', (file: string) => mkdir(file)],
  ['a file of a twite before this one', (file: string) => writeFile(file, '4194305')],
])('%s that is left behind is taken over by one process at a time', async (_what, leave) => {
  for (let round = 0; round < 20; round++) {
    const file = join(folder, `${round}.lock`);
    await leave(file);
    await utimes(file, longAgo, longAgo);
    let inside = 0;
    let entered = 0;
    const work = async () => {
      expect(++inside).toBe(1);
      await readdir(folder);
      inside--;
      entered++;
    };
    await Promise.all(Array.from({ length: 8 }, () => withFileLock(file, work)));
    expect(entered).toBe(8);
  }
  expect(await readdir(folder)).toEqual([]);
});

test('a failure under the lock releases it', async () => {
  const file = join(folder, 'a.lock');
  const failing = withFileLock(file, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await withFileLock(file, async () => 'next')).toBe('next');
});

test('an unwritable folder is reported', async () => {
  const file = join(folder, 'missing', 'a.lock');
  await expect(withFileLock(file, async () => 'never')).rejects.toMatchObject({
    code: 'sessions_unwritable',
  });
});
