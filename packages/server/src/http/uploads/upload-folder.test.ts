import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openUploadFolder } from './upload-folder.ts';

const parents: string[] = [];
afterEach(() => {
  for (const parent of parents.splice(0)) rmSync(parent, { recursive: true });
});
const newParent = (): string => {
  const parent = mkdtempSync(join(tmpdir(), 'twite-uploads-test-'));
  parents.push(parent);
  return parent;
};

test('files of an upload go with it, and nothing is left of the folder', async () => {
  const parent = join(newParent(), 'made', 'for', 'it');
  const folder = await openUploadFolder(parent);
  const spool = folder.newSpool();
  const [one, two] = [await spool.newPath(), await spool.newPath()];
  writeFileSync(one, 'one');
  await spool.remove();
  await spool.remove();
  expect([existsSync(one), one === two]).toEqual([false, false]);
  writeFileSync(await folder.newSpool().newPath(), 'still there');
  await folder[Symbol.asyncDispose]();
  expect(readdirSync(parent)).toEqual([]);
});

test('only so many uploads are on disk at once', async () => {
  await using folder = await openUploadFolder(newParent(), { uploadsMax: 2 });
  const first = folder.newSpool();
  folder.newSpool();
  expect(() => folder.newSpool()).toThrow(expect.objectContaining({ code: 'overloaded' }));
  await first.remove();
  await first.remove();
  folder.newSpool();
  expect(() => folder.newSpool()).toThrow();
});

test('what processes that live are working on is left alone', async () => {
  const parent = newParent();
  await using first = await openUploadFolder(parent);
  const path = await first.newSpool().newPath();
  writeFileSync(path, 'mine');
  await using second = await openUploadFolder(parent);
  expect(existsSync(path)).toBe(true);
  expect(dirname(await second.newSpool().newPath())).not.toBe(dirname(path));
});

/** Another process with an upload below `parent`; gives the file. */
async function otherProcess(parent: string) {
  const child = spawn(
    process.execPath,
    ['--conditions=twite-source', join(import.meta.dirname, 'testing', 'hold-upload.child.ts'), parent],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = await once(child.stdout, 'data');
  return { child, path: String(line).trim() };
}

test('what a process left that was killed is removed at the next start, and not before', async () => {
  const parent = newParent();
  const { child, path } = await otherProcess(parent);
  await using _during = await openUploadFolder(parent);
  expect(existsSync(path)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(path)).toBe(true);
  await using _after = await openUploadFolder(parent);
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(parent).filter((name) => name.endsWith('.lock'))).toHaveLength(2);
});

test('many that start at once do not take each other for leftovers', async () => {
  const parent = newParent();
  const opened = await Promise.all(Array.from({ length: 8 }, () => openUploadFolder(parent)));
  const paths = await Promise.all(opened.map((folder) => folder.newSpool().newPath()));
  for (const path of paths) writeFileSync(path, 'mine');
  await using _last = await openUploadFolder(parent);
  for (const path of paths) expect(existsSync(path)).toBe(true);
  for (const folder of opened) await folder[Symbol.asyncDispose]();
});
