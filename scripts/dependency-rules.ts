import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IRegularForbiddenRuleType } from 'dependency-cruiser';

interface PackageRule {
  /** Workspace packages that its product code may import. */
  readonly imports: readonly string[];
  /** Additional ones for its tests and suites. */
  readonly testImports: readonly string[];
  /** Node's modules that product code may import, without `node:`; undefined: any. */
  readonly node?: readonly string[];
}

const engines = ['@twite/engine-embedded', '@twite/engine-distributed'];

/**
 * Which packages may import which: the arrows of docs/architecture.md. A package that is missing here fails the check.
 */
const rules: Readonly<Record<string, PackageRule>> = {
  '@twite/contract': { imports: [], testImports: [], node: [] },
  '@twite/core': { imports: ['@twite/contract'], testImports: [], node: ['async_hooks', 'crypto'] },
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

/** Product code that may name an engine. */
const compositionRoots = ['^packages/server/src/main/', '^packages/workers/src/main'];

const testFiles = String.raw`\.(test|suite)\.ts$|\.test\.|/(testing|http-tests|fault-tests|kill-tests|scenarios|test)/`;

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Files of installed packages; workspace packages are linked there. Without names: all packages. */
const installed = (names?: readonly string[]): string =>
  names ? `(^|/)node_modules/(${names.map(escaped).join('|')})/` : '(^|/)node_modules/';

const error = (
  name: string,
  rule: Pick<IRegularForbiddenRuleType, 'from' | 'to'>,
): IRegularForbiddenRuleType => ({
  name,
  severity: 'error',
  ...rule,
});

/** The rules for all packages. */
const commonRules: readonly IRegularForbiddenRuleType[] = [
  error('reaches out of its package', {
    from: { path: '^packages/([^/]+)/' },
    to: { dependencyTypes: ['local'], pathNot: '^packages/$1/' },
  }),
  error('only composition roots name an engine', {
    from: { pathNot: [testFiles, ...compositionRoots] },
    to: { path: installed(engines) },
  }),
  error('cannot be resolved', { from: {}, to: { couldNotResolve: true } }),
  error('is part of a cycle', {
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  }),
];

function rulesOf(
  folder: string,
  { imports, testImports, node }: PackageRule,
  rootDevDependencies: readonly string[],
): IRegularForbiddenRuleType[] {
  const product = { path: `^${folder}/src/`, pathNot: testFiles };
  const workspace = [installed(Object.keys(rules)), '(^|/)node_modules/@twite/'];
  const found = [
    error('against the arrows', {
      from: product,
      to: { path: workspace, pathNot: installed(imports) },
    }),
    error('against the arrows', {
      from: { path: `^${folder}/src.*(${testFiles})` },
      to: { path: workspace, pathNot: installed([...imports, ...testImports]) },
    }),
    error('is not in package.json, or only a devDependency', {
      // Suites are the product of the conformance package: their user provides the test runner.
      from: { ...product, pathNot: [testFiles, '^packages/conformance/'] },
      to: { path: installed(), dependencyTypesNot: ['npm', 'npm-peer'] },
    }),
    error('is not in package.json', {
      from: { path: `^${folder}/src/` },
      to: {
        path: installed(),
        pathNot: installed(rootDevDependencies),
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-dev'],
      },
    }),
  ];
  if (node) {
    const pathNot = `^(${node.join('|')})$`;
    found.push(
      error('does no I/O of its own', { from: product, to: { dependencyTypes: ['core'], pathNot } }),
    );
  }
  return found;
}

/** Declared dependencies that no import uses: dependency-cruiser reads only imports. */
function checkManifest({ name, dependencies, peerDependencies }: Manifest, rule: PackageRule): string[] {
  return Object.keys({ ...dependencies, ...peerDependencies })
    .filter((target) => target in rules && !rule.imports.includes(target))
    .map((target) => `${name}: package.json depends on ${target}, against the arrows`);
}

/** Every violation of the dependency rules below `root`, one line for each import. */
export async function checkDependencies(root: string): Promise<string[]> {
  const readManifest = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
  const rootManifest = existsSync(join(root, 'package.json')) ? readManifest('package.json') : undefined;
  const rootDevDependencies = Object.keys(rootManifest?.devDependencies ?? {});
  const problems: string[] = [];
  const forbidden = [...commonRules];
  for (const manifestPath of globSync('packages/*/package.json', { cwd: root }).sort()) {
    const manifest = readManifest(manifestPath);
    const rule = rules[manifest.name];
    if (rule) {
      problems.push(...checkManifest(manifest, rule));
      forbidden.push(...rulesOf(dirname(manifestPath), rule, rootDevDependencies));
    } else problems.push(`${manifest.name}: has no rule in scripts/dependency-rules.ts`);
  }
  const { output } = await cruise(
    globSync('packages/*/src', { cwd: root }),
    {
      baseDir: root,
      doNotFollow: { path: 'node_modules' },
      // Type imports count.
      tsPreCompilationDeps: true,
      // A workspace package is recognized by the link to it, and is declared like any other.
      preserveSymlinks: true,
      validate: true,
      ruleSet: { forbidden },
      enhancedResolveOptions: {
        conditionNames: ['twite-source', 'import', 'node', 'default'],
        exportsFields: ['exports'],
        mainFields: ['module', 'main', 'types'],
      },
    },
    { modules: ['node_modules'] },
  );
  const { violations } = (output as ICruiseResult).summary;
  const reasons = Map.groupBy(violations, ({ from, to }) => `${from}: import of ${to}`);
  for (const [place, broken] of reasons) {
    problems.push(`${place} ${[...new Set(broken.map(({ rule }) => rule.name))].join(', ')}`);
  }
  return problems;
}
