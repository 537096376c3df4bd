import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twite-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder is created with its parents, for its owner only; an existing one is not changed', () => {
  const deep = join(folder, 'a/b/c');
  makeFolder(deep);
  makeFolder(deep);
  for (const path of ['a', 'a/b', 'a/b/c']) expect(statSync(join(folder, path)).mode & 0o777).toBe(0o700);
  symlinkSync(deep, join(folder, 'link'));
  makeFolder(join(folder, 'link'));
  makeFolder(join(folder, 'link/d'));
  expect(statSync(join(deep, 'd')).isDirectory()).toBe(true);
});

test('an obstacle is reported', () => {
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
  expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(folder, 'file/below'))).toThrow('ENOTDIR');
  expect(() => makeFolder(join(folder, 'dangling'))).toThrow('EEXIST');
});

// On Linux, mkdir with `recursive` never returns from there.
test('it gives up if no folder can be created', () => {
  expect(() => makeFolder('/proc/nope')).toThrow();
  expect(() => makeFolder('/proc/nope/deeper')).toThrow();
});
