import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test, vi } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const run = promisify(execFile);
const node = (...args: readonly string[]) => run(process.execPath, args);

// The other tests run the sources; a bundle has its own pitfalls.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
beforeAll(() => node(at('../../../scripts/build.mjs')));

test('the installed twite suggests the intended command', async () => {
  await expect(node(at('../bin/twite.js'), 'tmeline')).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'Unknown command `tmeline`. Did you mean `twite timeline`?\n',
  });
});

/** All modules that are loaded with this one: our own files, and packages by name. */
async function loadedWith(file: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = await readFile(file, 'utf8');
  for (const [, specifier = ''] of source.matchAll(
    /^(?:import|export)\b[^;'"]*?(?:from\s*)?['"]([^'"]+)['"];/gm,
  )) {
    if (specifier.startsWith('.')) await loadedWith(join(dirname(file), specifier), seen);
    else seen.add(specifier);
  }
  return seen;
}

test('modules for benchmarks are only loaded by benchmarks', async () => {
  const loaded = await loadedWith(at('../dist/main.js'));
  expect(loaded.size).toBeGreaterThan(2);
  expect([...loaded].filter((name) => /autocannon|hdr-histogram/.test(name))).toEqual([]);
  // The command finds its dependencies where they are installed, and fails only because no server runs.
  await expect(
    node(at('../bin/twite.js'), 'bench', 'home', '--url', 'http://127.0.0.1:9', '--accounts', '2'),
  ).rejects.toMatchObject({ code: 69, stderr: expect.stringContaining('No Twite server responded') });
});

test('the password prompt is only loaded to ask for a password', async () => {
  const isPrompt = async (file: string) => (await readFile(file, 'utf8')).includes('ExitPromptError');
  const bundled = globSync(at('../dist/**/*.js'));
  expect((await Promise.all(bundled.map(isPrompt))).filter(Boolean)).not.toEqual([]);
  const loaded = [...(await loadedWith(at('../dist/commands/login.js')))].filter((name) =>
    name.endsWith('.js'),
  );
  expect(await Promise.all(loaded.map(isPrompt))).toEqual(loaded.map(() => false));
});
