import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages whose modules other packages import one by one. */
const packages = ['core', 'process'] as const;

/** Code that is not published. Its entries have only the condition of this repository. */
const unpublished =
  /\.(test|suite|bench)\.|\/(testing|[a-z]+-tests)\/|^(scripts|examples|compose)\/|^packages\/(conformance|[^/]+\/scripts)\//;

type Entry = Readonly<Record<string, string>>;

/** The modules of a package that are imported by its name, and whether published code does so. */
function importedModules(root: string, name: string): Map<string, boolean> {
  const specifier = new RegExp(`'@twite/${name}/([a-z0-9/-]+)'`, 'g');
  const modules = new Map<string, boolean>();
  const files = globSync('{packages,scripts,examples,compose}/**/*.{ts,mjs}', {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path),
  });
  for (const file of files) {
    for (const [, module = ''] of readFileSync(join(root, file), 'utf8').matchAll(specifier))
      modules.set(module, (modules.get(module) ?? false) || !unpublished.test(file));
  }
  return modules;
}

const entryOf = (module: string, published: boolean): Entry => ({
  'twite-source': `./src/${module}.ts`,
  ...(published ? { types: `./dist/${module}.d.ts`, default: `./dist/${module}.js` } : {}),
});

/**
 * The package.json of each package that exports its modules one by one, with an entry for every module that other code
 * imports, and no other.
 */
export function manifestsWithEntries(root: string): Map<string, string> {
  return new Map(
    packages.map((name) => {
      const path = `packages/${name}/package.json`;
      const manifest = JSON.parse(readFileSync(join(root, path), 'utf8'));
      const entries = [...importedModules(root, name)]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([module, published]) => [`./${module}`, entryOf(module, published)] as const);
      manifest.exports = { ...Object.fromEntries(entries), './package.json': './package.json' };
      return [path, `${JSON.stringify(manifest, null, 2)}\n`];
    }),
  );
}
