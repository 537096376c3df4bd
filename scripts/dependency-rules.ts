import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';

interface PackageRule {
  /** Workspace packages that its product code may import. */
  readonly imports: readonly string[];
  /** More of them for its tests and suites. */
  readonly testImports: readonly string[];
  /** Node's modules that product code may import; undefined: any. */
  readonly node?: readonly string[];
}

const engines = ['@twite/engine-embedded', '@twite/engine-distributed'];

/** Who may import whom: the arrows of docs/architecture.md. A package that is missing here fails the check. */
const rules: Readonly<Record<string, PackageRule>> = {
  '@twite/contract': { imports: [], testImports: [], node: [] },
  '@twite/core': { imports: ['@twite/contract'], testImports: [], node: ['node:async_hooks', 'node:crypto'] },
  '@twite/engine-embedded': {
    imports: ['@twite/contract', '@twite/core'],
    testImports: ['@twite/conformance', '@twite/workers'],
  },
  '@twite/engine-distributed': {
    imports: ['@twite/contract', '@twite/core'],
    testImports: ['@twite/conformance'],
  },
  '@twite/conformance': { imports: ['@twite/contract', '@twite/core'], testImports: [] },
  'ts-rest-koa': { imports: [], testImports: [] },
  '@twite/process': { imports: ['@twite/contract', '@twite/core'], testImports: [] },
  '@twite/workers': {
    imports: ['@twite/contract', '@twite/core', '@twite/process', '@twite/engine-distributed'],
    testImports: ['@twite/conformance'],
  },
  '@twite/server': {
    imports: [
      '@twite/contract',
      '@twite/core',
      '@twite/process',
      '@twite/workers',
      'ts-rest-koa',
      ...engines,
    ],
    testImports: ['@twite/conformance', '@twite/sdk'],
  },
  '@twite/sdk': { imports: [], testImports: ['@twite/contract'], node: [] },
  '@twite/cli': {
    imports: ['@twite/sdk', '@twite/server'],
    testImports: ['@twite/contract', '@twite/server', '@twite/core', ...engines],
  },
};

/** Only composition roots name an engine. */
const compositionRoots = /^(server\/src\/main\/|workers\/src\/main)/;

const isTestFile = (path: string): boolean =>
  /\.(test|suite)\.ts$|\.test\.|\/(testing|http-tests|fault-tests|kill-tests|scenarios|test)\//.test(path);

const importPattern =
  /(?:^|[\s;}])(?:import|export)\s+(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;

const withoutComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

/** What a source file imports, dynamically too. */
export const importsOf = (source: string): string[] =>
  [...withoutComments(source).matchAll(importPattern)].map((match) => (match[1] ?? match[2]) as string);

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

interface Subject {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly rule: PackageRule;
  readonly rootDevDependencies: ReadonlySet<string>;
}

function checkImport(subject: Subject, file: string, isTest: boolean, specifier: string): string | undefined {
  const { manifest, rule } = subject;
  if (specifier.startsWith('.')) {
    const target = relative(subject.folder, resolve(dirname(file), specifier));
    return target.startsWith(`..${sep}`) ? 'reaches out of its package' : undefined;
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    if (!specifier.startsWith('node:')) return 'must be written with the prefix node:';
    return isTest || !rule.node || rule.node.includes(specifier) ? undefined : 'does no I/O of its own';
  }
  const target = packageOf(specifier);
  if (target === manifest.name) return undefined;
  if (target in rules || target.startsWith('@twite/')) {
    if (!rule.imports.includes(target) && !(isTest && rule.testImports.includes(target)))
      return 'against the arrows';
    const place = file.split(`packages${sep}`).at(-1)?.replaceAll(sep, '/') ?? '';
    if (engines.includes(target) && !isTest && !compositionRoots.test(place))
      return 'only composition roots name an engine';
  }
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  if (target in declared) return undefined;
  const dev = { ...manifest.devDependencies };
  // Suites are the product of the conformance package: they come with the runner of whoever runs them.
  const mayUseDev = isTest || manifest.name === '@twite/conformance';
  if (mayUseDev && (target in dev || subject.rootDevDependencies.has(target))) return undefined;
  return target in dev ? 'is only a devDependency' : 'is not in package.json';
}

function checkManifest({ manifest, rule }: Subject): string[] {
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return declared
    .filter((name) => name in rules && !rule.imports.includes(name))
    .map((name) => `${manifest.name}: package.json depends on ${name}, against the arrows`);
}

/** Every violation of the dependency rules below `root`, one line each. */
export function checkDependencies(root: string): string[] {
  const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const rootManifest = join(root, 'package.json');
  const rootDevDependencies = new Set(
    existsSync(rootManifest) ? Object.keys(readJson(rootManifest).devDependencies ?? {}) : [],
  );
  const problems: string[] = [];
  for (const manifestPath of globSync('packages/*/package.json', { cwd: root }).sort()) {
    const folder = join(root, dirname(manifestPath));
    const manifest = readJson(join(root, manifestPath));
    const rule = rules[manifest.name];
    if (!rule) {
      problems.push(`${manifest.name}: has no rule in scripts/dependency-rules.ts`);
      continue;
    }
    const subject: Subject = { folder, manifest, rule, rootDevDependencies };
    problems.push(...checkManifest(subject));
    for (const path of globSync('src/**/*.ts', { cwd: folder }).sort()) {
      const file = join(folder, path);
      const isTest = isTestFile(relative(root, file).replaceAll(sep, '/'));
      for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
        const problem = checkImport(subject, file, isTest, specifier);
        if (problem) problems.push(`${relative(root, file)}: import of ${specifier} ${problem}`);
      }
    }
  }
  return problems;
}
