import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { checkDependencies, importsOf } from './dependency-rules.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** A tree with the files given, each package with an empty manifest of its name unless it is given. */
function plant(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'twite-rules-'));
  made.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const core = {
  'packages/core/package.json': '{"name":"@twite/core","dependencies":{"@twite/contract":"0.0.0"}}',
};

it('finds every kind of planted violation', () => {
  const root = plant({
    ...core,
    'packages/core/src/a.ts': "import { x } from '@twite/engine-embedded';",
    'packages/core/src/b.ts': "import { readFileSync } from 'node:fs';",
    'packages/core/src/c.ts': "import koa from 'koa';",
    'packages/core/src/d.ts': "import { y } from '../../server/src/x.ts';",
    'packages/core/src/e.ts': "const x = await import('@twite/server');",
    'packages/core/src/f.ts': "export * from '@twite/sdk';",
    'packages/core/src/g.ts': "import fs from 'fs';",
    'packages/new/package.json': '{"name":"@twite/new"}',
    'packages/server/package.json':
      '{"name":"@twite/server","dependencies":{"@twite/engine-embedded":"0.0.0","@twite/cli":"0.0.0"}}',
    'packages/server/src/http/app.ts': "import { x } from '@twite/engine-embedded';",
    'packages/server/src/main/embedded.ts': "import { x } from '@twite/engine-embedded';",
  });
  const problems = checkDependencies(root);
  const about = [
    'a.ts',
    'b.ts',
    'c.ts',
    'd.ts',
    'e.ts',
    'f.ts',
    'g.ts',
    '@twite/new',
    '@twite/cli',
    'http/app.ts',
  ];
  expect(problems).toHaveLength(about.length);
  for (const part of about) expect(problems.filter((problem) => problem.includes(part))).toHaveLength(1);
});

it('lets through what the arrows allow, and what comments only mention', () => {
  const root = plant({
    ...core,
    'packages/core/src/a.ts': "// import x from 'koa';\nimport { ContractError } from '@twite/contract';",
    'packages/core/src/b.ts': "import { hash } from 'node:crypto';\nimport './a.ts';",
  });
  expect(checkDependencies(root)).toEqual([]);
});

it('sees imports in all their forms', () => {
  const source = `import a from 'a'; import { b, type C } from "b"; import 'c'; export { d } from 'd';
    import type { E } from 'e'; const f = await import('f'); import * as g from 'g';`;
  expect(importsOf(source)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});

it('holds in this checkout', () => {
  expect(checkDependencies(join(import.meta.dirname, '..'))).toEqual([]);
});
