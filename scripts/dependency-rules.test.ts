import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { checkDependencies } from './dependency-rules.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** Creates a tree with the given files; each package has an empty manifest with its name unless one is given. */
function plant(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'twite-rules-'));
  made.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** Packages in node_modules that may be imported by their name and by `name/path`. */
const installed = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => [
      [
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, exports: { '.': './index.js', './*': './index.js' } }),
      ],
      [`node_modules/${name}/index.js`, 'export const x = 1;'],
    ]),
  );

const core = {
  ...installed('@twite/contract', '@twite/engine-embedded', '@twite/sdk', '@twite/server', 'koa', 'vitest'),
  'packages/core/package.json': '{"name":"@twite/core","dependencies":{"@twite/contract":"0.0.0"}}',
};

it('finds every kind of planted violation', async () => {
  const root = plant({
    ...core,
    'packages/core/src/a.ts': "import { x } from '@twite/engine-embedded';",
    'packages/core/src/b.ts': "import { readFileSync } from 'node:fs';",
    'packages/core/src/c.ts': "import koa from 'koa';",
    'packages/core/src/d.ts': "import { y } from '../../server/src/x.ts';",
    'packages/core/src/e.ts': "const x = await import('@twite/server');",
    'packages/core/src/f.ts': "export * from '@twite/sdk';",
    'packages/core/src/g.ts': "import fs from 'fs';",
    'packages/core/src/h.ts': "import type { X } from 'koa';",
    'packages/core/src/i.ts': "import { it } from 'vitest';",
    'packages/core/src/j.ts': "import { missing } from 'missing';",
    'packages/core/src/k.ts': "import { l } from './l.ts'; export const k = l;",
    'packages/core/src/l.ts': "import { k } from './k.ts'; export const l = () => k;",
    'packages/core/src/m.test.ts': "import { x } from '@twite/server'; import koa from 'vitest';",
    'packages/core/src/n.test.ts': "import koa from 'koa';",
    'packages/core/package.json':
      '{"name":"@twite/core","dependencies":{"@twite/contract":"0","@twite/sdk":"0"}}',
    'packages/core/src/testing/o.ts': "import { x } from '@twite/sdk';",
    'packages/server/src/x.ts': 'export const y = 1;',
    'package.json': '{"devDependencies":{"vitest":"0.0.0"}}',
    'packages/new/package.json': '{"name":"@twite/new"}',
    'packages/server/package.json':
      '{"name":"@twite/server","dependencies":{"@twite/engine-embedded":"0.0.0","@twite/cli":"0.0.0"}}',
    'packages/server/src/http/app.ts': "import { x } from '@twite/engine-embedded';",
    'packages/server/src/main/embedded.ts': "import { x } from '@twite/engine-embedded';",
  });
  const problems = await checkDependencies(root);
  const about = [
    'a.ts',
    'b.ts',
    'c.ts',
    'd.ts',
    'e.ts',
    'f.ts',
    'g.ts',
    'h.ts',
    'i.ts',
    'j.ts',
    'is part of a cycle',
    'm.test.ts',
    'n.test.ts',
    'testing/o.ts',
    'package.json depends on @twite/sdk',
    '@twite/new',
    '@twite/cli',
    'http/app.ts',
  ];
  expect(problems).toHaveLength(about.length);
  for (const part of about) expect(problems.filter((problem) => problem.includes(part))).toHaveLength(1);
});

it('accepts allowed imports, and mentions in comments', async () => {
  const root = plant({
    ...core,
    'package.json': '{"devDependencies":{"vitest":"0.0.0"}}',
    'packages/core/src/a.ts': "// import x from 'koa';\nimport { ContractError } from '@twite/contract';",
    'packages/core/src/b.ts': "import { hash } from 'node:crypto';\nimport './a.ts';",
    'packages/core/src/c.ts': "import type { D } from './d.ts'; export const c = 1;",
    'packages/core/src/d.ts': "import { c } from './c.ts'; export type D = typeof c;",
    'packages/core/src/a.test.ts': "import { x } from 'vitest'; import { readFile } from 'node:fs';",
  });
  expect(await checkDependencies(root)).toEqual([]);
});

it('only tests import devDependencies', async () => {
  const root = plant({
    ...core,
    'packages/core/package.json': '{"name":"@twite/core","devDependencies":{"koa":"0.0.0"}}',
    'packages/core/src/a.ts': "import koa from 'koa';",
    'packages/core/src/a.test.ts': "import koa from 'koa';",
  });
  expect(await checkDependencies(root)).toEqual([expect.stringMatching(/src\/a\.ts.*only a devDependency/)]);
});

it('sees imports in all their forms', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `pkg-${name}`);
  const root = plant({
    ...core,
    ...installed(...names),
    'packages/core/src/a.ts': `import a from 'pkg-a'; import { b, type C } from "pkg-b"; import 'pkg-c'; export { d } from 'pkg-d';
      import type { E } from 'pkg-e'; const f = await import('pkg-f'); import * as g from 'pkg-g/path'; export * from 'pkg-h';`,
  });
  const problems = await checkDependencies(root);
  expect(problems.map((problem) => /(pkg-\w)\//.exec(problem)?.[1])).toEqual(names);
});

it('holds in this checkout', async () => {
  expect(await checkDependencies(join(import.meta.dirname, '..'))).toEqual([]);
});
