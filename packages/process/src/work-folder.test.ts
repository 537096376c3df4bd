import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorkFolder } from './work-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = join(await mkdtemp(join(tmpdir(), 'twite-work-')), 'uploads');
});
afterEach(async () => rm(join(parent, '..'), { recursive: true, force: true }));

const leave = async (host: string, pid: number, minutesAgo = 0): Promise<string> => {
  const name = `twite-${host}-${pid}-0123456789abcdef`;
  await mkdir(join(parent, name, '1'), { recursive: true });
  await writeFile(join(parent, name, '1', 'source'), 'half of an upload');
  const time = new Date(Date.now() - minutesAgo * 60_000);
  await utimes(join(parent, name), time, time);
  return name;
};

const pidOfTheDead = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  return child.pid as number;
};

test('what dead processes left is removed at the start; what others use, and what is not ours, stays', async () => {
  const dead = await leave(hostname(), await pidOfTheDead());
  const alive = await leave(hostname(), process.pid);
  const elsewhere = await leave('another-host', 1);
  const silent = await leave('third-host', 1, 16);
  await writeFile(join(parent, 'notes.txt'), 'not ours');
  await using folder = await openWorkFolder(parent);
  const names = await readdir(parent);
  expect(names).toEqual(expect.arrayContaining([alive, elsewhere, 'notes.txt']));
  expect(names).not.toContain(dead);
  expect(names).not.toContain(silent);
  expect(names).toHaveLength(4);
  expect(await readdir(await folder.makeFolder())).toEqual([]);
});

test('processes share a parent folder; each removes its own only', async () => {
  const first = await openWorkFolder(parent);
  await using second = await openWorkFolder(parent);
  const kept = await second.makeFolder();
  await first.makeFolder();
  expect(await readdir(parent)).toHaveLength(2);
  await first[Symbol.asyncDispose]();
  expect(await readdir(parent)).toHaveLength(1);
  expect(await readdir(kept)).toEqual([]);
});
