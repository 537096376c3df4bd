import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { securitySuite } from './security-suite.ts';

const root = join(import.meta.dirname, '..');
const files = securitySuite.flatMap((part) => part.files);

test('the security suite names files that exist, each once', () => {
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  expect(new Set(files).size).toBe(files.length);
});

test('the security suite has every test of security-tests, and the tests that search for secrets', () => {
  const own = globSync(
    ['packages/server/src/security-tests/*.test.ts', 'packages/*/src/**/*secrets.test.ts'],
    {
      cwd: root,
    },
  );
  expect(own.filter((file) => !files.includes(file))).toEqual([]);
});
