import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test, vi } from 'vitest';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const run = promisify(execFile);
const node = (...args: readonly string[]) => run(process.execPath, args);

// The other tests run the sources; a bundle has traps of its own.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
beforeAll(() => node(at('../../../scripts/build.mjs')));

test('twite as it is installed tells which command was meant', async () => {
  await expect(node(at('../bin/twite.js'), 'tmeline')).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'There is no command `tmeline`. Did you mean `twite timeline`?\n',
  });
});
