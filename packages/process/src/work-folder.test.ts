import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorkFolder, type WorkFolder } from './work-folder.ts';

let parent: string;
beforeEach(() => {
  parent = join(mkdtempSync(join(tmpdir(), 'twite-work-')), 'made', 'for', 'it');
});
afterEach(() => rmSync(join(parent, '../../..'), { recursive: true }));

async function addFile(folder: WorkFolder): Promise<string> {
  const path = join(await folder.makeFolder(), 'file');
  writeFileSync(path, 'half of an upload');
  return path;
}

test('each folder is new and private, and removed at the end', async () => {
  const folder = await openWorkFolder(parent);
  const [one, two] = [await addFile(folder), await addFile(folder)];
  expect(one).not.toBe(two);
  expect(statSync(join(one, '../..')).mode & 0o077).toBe(0);
  await folder[Symbol.asyncDispose]();
  expect(readdirSync(parent)).toEqual([]);
});

test('processes share a parent folder, and each removes only its own', async () => {
  const first = await openWorkFolder(parent);
  await using second = await openWorkFolder(parent);
  writeFileSync(join(parent, 'notes.txt'), 'not ours');
  const [ofFirst, ofSecond] = [await addFile(first), await addFile(second)];
  await using _third = await openWorkFolder(parent);
  expect([existsSync(ofFirst), existsSync(ofSecond)]).toEqual([true, true]);
  await first[Symbol.asyncDispose]();
  expect([existsSync(ofFirst), existsSync(ofSecond)]).toEqual([false, true]);
  expect(readdirSync(parent)).toContain('notes.txt');
});

/** Another process with a file below `parent`. */
async function startHolder() {
  const child = spawn(
    process.execPath,
    ['--conditions=twite-source', join(import.meta.dirname, 'testing', 'hold-work-folder.child.ts'), parent],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = await once(child.stdout, 'data');
  return { child, path: String(line).trim() };
}

test('leftovers of a killed process are removed at the next start, and not before', async () => {
  const { child, path } = await startHolder();
  await using _during = await openWorkFolder(parent);
  expect(existsSync(path)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(path)).toBe(true);
  await using _after = await openWorkFolder(parent);
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(parent).filter((name) => name.endsWith('.lock'))).toHaveLength(2);
});

test('processes that start concurrently do not treat each other as leftovers', async () => {
  const opened = await Promise.all(Array.from({ length: 8 }, () => openWorkFolder(parent)));
  const paths = await Promise.all(opened.map(addFile));
  await using _last = await openWorkFolder(parent);
  for (const path of paths) expect(existsSync(path)).toBe(true);
  for (const folder of opened) await folder[Symbol.asyncDispose]();
});
