import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Options } from 'tsup';
import { thirdPartyNotices } from './scripts/third-party-notices.ts';

/** Every module below a folder but its tests: for packages whose modules are exported one by one. */
const modulesIn = (folder: string): string[] =>
  globSync(join(folder, '**/*.ts')).filter(
    (file) => !/\.(test|suite)\.|\/(testing|http-tests|fault-tests|kill-tests)\//.test(file),
  );

/** JavaScript only: declarations come from `tsc -b`. Dependencies stay imports, also those on other workspaces. */
const bundle = (name: string, entries: readonly string[], options: Options = {}): Options => {
  const source = `packages/${name}/src`;
  return {
    name,
    entry: entries.flatMap((entry) => (entry === '*' ? modulesIn(source) : [`${source}/${entry}.ts`])),
    outDir: `packages/${name}/dist`,
    // Names in `dist` follow those in `src`.
    outExtension: ({ format }) => ({ js: format === 'cjs' ? '.cjs' : '.js' }),
    format: 'esm',
    platform: 'node',
    target: 'node24',
    skipNodeModulesBundle: true,
    splitting: true,
    // `sqlite` is not what `node:sqlite` is.
    removeNodeProtocol: false,
    sourcemap: true,
    // The sources are in the package.
    esbuildOptions: (esbuild) => {
      esbuild.sourcesContent = false;
    },
    dts: false,
    // `dist` holds the declarations too; scripts/build.mjs removes old JavaScript.
    clean: false,
    silent: true,
    tsconfig: `packages/${name}/tsconfig.json`,
    esbuildPlugins: [thirdPartyNotices(`packages/${name}/dist`)],
    ...options,
  };
};

/** Runs on Node 20, in browsers and elsewhere. */
const portable: Options = { platform: 'neutral', target: ['node20.19', 'es2022'] };

/** With oclif inside: reading one file instead of some 130 is a sixth of what `twite --version` takes. */
const commandLine: Options = {
  // Commands that ask a server run on every Node that the SDK runs on.
  target: 'node20.19',
  // Nobody imports it, so that nobody needs its maps.
  sourcemap: false,
  skipNodeModulesBundle: false,
  // oclif asks for typescript, ts-node and tsx only to run plugins from TypeScript; only `twite bench` loads the others.
  external: [/^(@twite\/|typescript$|ts-node$|tsx|autocannon$|hdr-histogram-js$)/],
  noExternal: [/^(?!@twite\/|typescript$|ts-node$|tsx|autocannon$|hdr-histogram-js$)/],
  banner: {
    // What oclif's CommonJS looks for.
    js: [
      "import { createRequire as createRequireOfBundle } from 'node:module';",
      'const require = createRequireOfBundle(import.meta.url);',
      'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
    ].join('\n'),
  },
  // The list of commands, so that none needs to be loaded to find another.
  onSuccess: async () => {
    await promisify(execFile)(process.execPath, ['../../node_modules/oclif/bin/run.js', 'manifest'], {
      cwd: 'packages/cli',
    });
  },
};

const commands = modulesIn('packages/cli/src/commands').map((file) =>
  file.replace(/^packages\/cli\/src\/|\.ts$/g, ''),
);

export const bundles: readonly Options[] = [
  bundle('contract', ['index', 'errors', 'openapi/index'], portable),
  bundle('ts-rest-koa', ['index'], { target: ['node20.19', 'es2022'] }),
  bundle('core', ['*']),
  bundle('process', ['*']),
  bundle('engine-embedded', ['index', 'reader-thread', 'writer-thread']),
  bundle('engine-distributed', ['index']),
  bundle('workers', ['index', 'media/create-media-processor', 'media/media-worker']),
  // With `splitting`, tsup rewrites CommonJS in a second pass that renames classes to `_class9`.
  bundle('sdk', ['index'], { ...portable, format: ['esm', 'cjs'], splitting: false }),
  bundle('server', ['index', 'supervise', 'main/run-server', 'passwords/password-worker']),
  bundle('cli', ['main', ...commands], commandLine),
];

export default bundles;
