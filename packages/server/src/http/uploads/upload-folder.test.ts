import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openUploadFolder } from './upload-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'twite-uploads-test-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

test('the files of an upload are removed with it, and all with the folder', async () => {
  const folder = await openUploadFolder(parent);
  const spool = folder.newSpool();
  // Concurrently, as the parts of a form may be.
  const paths = await Promise.all([spool.newPath(), spool.newPath()]);
  expect(new Set(paths).size).toBe(2);
  for (const path of paths) writeFileSync(path, 'a part');
  await spool.remove();
  await spool.remove();
  expect(paths.map((path) => existsSync(path))).toEqual([false, false]);
  writeFileSync(await folder.newSpool().newPath(), 'still there');
  await folder[Symbol.asyncDispose]();
  expect(readdirSync(parent)).toEqual([]);
});

test('the number of uploads on disk is limited', async () => {
  await using folder = await openUploadFolder(parent, { uploadsMax: 2 });
  const first = folder.newSpool();
  folder.newSpool();
  expect(() => folder.newSpool()).toThrow(expect.objectContaining({ code: 'overloaded' }));
  await first.remove();
  await first.remove();
  folder.newSpool();
  expect(() => folder.newSpool()).toThrow();
});
