import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Locked {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly license?: string;
}

/** Licences that allow everyone to use the software and offer it as a service, alone or as one of a choice. */
const allowed =
  /\b(MIT|Apache-2\.0|ISC|BSD-2-Clause|BSD-3-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|MPL-2\.0|Zlib|LGPL-3\.0-or-later)\b/;

test('every package that users install has a licence without conditions on its use', () => {
  const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const installed = Object.entries(lock.packages).filter(
    ([path, { dev, link }]) => path.includes('node_modules/') && dev !== true && link !== true,
  );
  expect(installed.length).toBeGreaterThan(200);
  const others = installed
    .filter(([, { license = 'none' }]) => !license.split(' AND ').every((part) => allowed.test(part)))
    .map(([path, { license = 'none' }]) => `${path}: ${license}`);
  expect(others).toEqual([]);
});
