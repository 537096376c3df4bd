import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Manifest {
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

test.each(globSync('packages/*/package.json', { cwd: root }))('%s exports named entries only', (path) => {
  const { exports = {} } = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
  expect(Object.keys(exports).filter((entry) => entry.includes('*'))).toEqual([]);
});

test('an installed core has the modules of engines and servers, and not those that only tests import', () => {
  const { exports = {} } = JSON.parse(
    readFileSync(join(root, 'packages/core/package.json'), 'utf8'),
  ) as Manifest;
  expect(exports['./posts/post-store']).toHaveProperty('default');
  expect(exports['./posts/create-post']).toHaveProperty('default');
  expect(exports['./rate-limits/gcra']).not.toHaveProperty('default');
  expect(exports['./text/find-mentions']).toBeUndefined();
});
