import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A file, or targets by condition. */
type ExportTarget = string | { readonly [condition: string]: ExportTarget };

const declarationImport = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"]+)\2/g;
/** Declarations of tests are next to those of the product. */
const ofTests = /\.(test|suite)\.|\/(testing|[a-z]+-tests)\//;

/** The files or patterns that `types` leads to, at any depth. */
function typesOf(target: ExportTarget, found: string[] = []): string[] {
  if (typeof target === 'string') return found;
  for (const [condition, inner] of Object.entries(target)) {
    if (condition === 'types' && typeof inner === 'string') found.push(inner);
    else typesOf(inner, found);
  }
  return found;
}

/** The declarations that an importer can reach from these; paths below `folder`. */
function reachable(folder: string, entries: readonly string[]): Set<string> {
  const reached = new Set(entries);
  for (const file of reached) {
    if (!existsSync(join(folder, file))) throw new Error(`${join(folder, file)} is missing: run \`tsc -b\``);
    for (const [, , , target = ''] of readFileSync(join(folder, file), 'utf8').matchAll(declarationImport)) {
      reached.add(normalize(join(dirname(file), target.replace(/\.[cm]?[jt]s$/, '.d.ts'))));
    }
  }
  return reached;
}

/** Writes a copy of a declaration for CommonJS: TypeScript treats `.d.ts` in this package as that of an ES module. */
function writeCommonJsTypes(folder: string, file: string): void {
  const text = readFileSync(join(folder, file), 'utf8')
    .replace(declarationImport, (_all, before, quote, target) => {
      return `${before}${quote}${String(target).replace(/\.[jt]s$/, '.cjs')}${quote}`;
    })
    .replace(/\/\/# sourceMappingURL=.*\s*$/, '');
  writeFileSync(join(folder, file.replace(/\.d\.ts$/, '.d.cts')), text);
}

/**
 * Completes the declarations of a built package for `npm pack`: writes those for CommonJS if the package has such an
 * entry, and excludes, by dist/.npmignore, those that no importer can reach.
 */
export function prepareTypes(folder: string): void {
  const { exports = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports?: ExportTarget;
  };
  const types = typesOf(exports);
  const entries = types
    .filter((target) => target.endsWith('.d.ts'))
    .flatMap((target) => globSync(target.replace('*', '**/*'), { cwd: folder }))
    .filter((file) => !ofTests.test(file))
    .map((file) => normalize(file));
  const shipped = reachable(folder, entries);
  if (types.some((target) => target.endsWith('.d.cts'))) {
    for (const file of shipped) writeCommonJsTypes(folder, file);
  }
  const left = globSync('dist/**/*.d.ts', { cwd: folder }).filter((file) => !shipped.has(normalize(file)));
  const rules = left.map((file) => file.replace(/^dist(.*)\.d\.ts$/, '$1.d.*')).sort();
  writeFileSync(join(folder, 'dist/.npmignore'), rules.map((rule) => `${rule}\n`).join(''));
}
