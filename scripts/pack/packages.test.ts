import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PackedPackage, packPackages } from './pack-packages.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** The maximum size of each tarball, in kB: at least a tenth above its actual size. Raise a limit only on purpose. */
const limits: Readonly<Record<string, number>> = {
  '@twite/cli': 350,
  '@twite/contract': 180,
  '@twite/core': 400,
  '@twite/engine-distributed': 550,
  '@twite/engine-embedded': 220,
  '@twite/process': 140,
  '@twite/sdk': 130,
  '@twite/server': 800,
  '@twite/workers': 80,
  'ts-rest-koa': 60,
};

let folder: string;
let packages: readonly PackedPackage[];
const packed = (name: string): PackedPackage => {
  const found = packages.find((one) => one.name === name);
  if (!found) throw new Error(`${name} was not packed`);
  return found;
};
const analyse = (name: string) =>
  checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(packed(name).tarball))));
const manifestOf = ({ folder }: PackedPackage) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-packages-'));
  await mkdir(join(folder, 'tarballs'));
  packages = await packPackages(join(folder, 'tarballs'));
});
// The server below may still write its compile cache.
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }));

describe('the packages', () => {
  test('are those with known limits, and stay within them', () => {
    expect(packages.map(({ name }) => name).sort()).toEqual(Object.keys(limits));
    for (const { name, size } of packages) {
      expect(size / 1000, `kB of ${name}`).toBeLessThan(limits[name] ?? 0);
      // A limit that is far too high guards nothing.
      expect(size / 1000, `kB of ${name}`).toBeGreaterThan((limits[name] ?? 0) / 2);
    }
  });

  test('contain only a licence, a README and usable files', () => {
    for (const { name, files } of packages) {
      expect(files, name).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
      const places = name === '@twite/cli' ? 'bin|dist' : 'dist|src';
      const known = new RegExp(
        `^(LICENSE|README\\.md|package\\.json|openapi\\.json|oclif\\.manifest\\.json|(${places})/.+)$`,
      );
      expect(
        files.filter((file) => !known.test(file)),
        name,
      ).toEqual([]);
      const ofNoUse = /\.tsbuildinfo|\.built|\.npmignore|\.(test|suite|bench)\.|-tests\//;
      expect(
        files.filter((file) => ofNoUse.test(file)),
        name,
      ).toEqual([]);
    }
    expect(packed('@twite/cli').files.filter((file) => /\.ts$|\.map$/.test(file))).toEqual([]);
    // The declaration of a module that no entry leads to.
    expect(packed('@twite/server').files).toContain('src/http/docs-page.ts');
    expect(packed('@twite/server').files).not.toContain('dist/http/docs-page.d.ts');
  });

  test('have repository metadata, and build themselves before they are packed', () => {
    for (const one of packages) {
      expect(manifestOf(one), one.name).toMatchObject({
        license: 'MIT',
        repository: { type: 'git', directory: `packages/${one.name.replace('@twite/', '')}` },
        homepage: expect.stringMatching(/^https:/),
        bugs: expect.stringMatching(/^https:/),
        keywords: expect.arrayContaining([expect.any(String)]),
        sideEffects: expect.anything(),
        engines: { node: expect.stringMatching(/^>=/) },
        scripts: { prepack: 'node ../../scripts/pack/prepack.ts' },
      });
    }
  });

  test('name the licences of bundled code', () => {
    for (const { name, folder, files } of packages) {
      const notices = files.includes('dist/THIRD-PARTY-NOTICES.txt');
      // The only one that bundles packages. The others leave them to npm.
      expect(notices, name).toBe(name === '@twite/cli');
      if (!notices) continue;
      const text = readFileSync(join(folder, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
      for (const bundled of ['@oclif/core', 'cli-table3', 'cli-progress', 'string-width']) {
        expect(text).toMatch(new RegExp(`^${bundled} \\d+\\.\\d+\\.\\d+$`, 'm'));
      }
      expect(text.match(/^License: (?!see below).+$/gm)?.length).toBeGreaterThan(20);
      expect(text.match(/copyright/gi)?.length).toBeGreaterThan(20);
    }
    const page = ['LICENSE', 'NOTICE', 'swagger-ui-bundle.js.LICENSE.txt'];
    expect(packed('@twite/server').files).toEqual(
      expect.arrayContaining(page.map((file) => `dist/docs-ui/${file}`)),
    );
  });

  test('satisfy publint', async () => {
    for (const { name, tarball } of packages) {
      const { buffer } = new Uint8Array(readFileSync(tarball));
      const { messages } = await publint({ strict: true, pack: { tarball: buffer } });
      expect(messages, name).toEqual([]);
    }
  });

  test('satisfy attw: the SDK everywhere, other packages as ES modules', async () => {
    expect((await analyse('@twite/cli')).types).toBe(false);
    for (const name of ['@twite/sdk', '@twite/contract', '@twite/server', 'ts-rest-koa']) {
      const analysis = await analyse(name);
      if (!analysis.types) throw new Error(`${name} has no types`);
      const bad = analysis.problems.filter(
        ({ kind, ...problem }) =>
          name === '@twite/sdk' ||
          (kind !== 'CJSResolvesToESM' &&
            !(kind === 'NoResolution' && 'resolutionKind' in problem && problem.resolutionKind === 'node10')),
      );
      expect(bad, name).toEqual([]);
    }
  });
});

test('the SDK is at most 8 KiB for a browser, gzipped and without the upload of media', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, 'packages/sdk/src/index.ts')],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    plugins: [
      {
        name: 'without-media',
        setup: ({ onResolve }) =>
          onResolve({ filter: /\/upload\// }, ({ path }) => ({ path, external: true })),
      },
    ],
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.some((file) => file.includes('/upload/'))).toBe(false);
  expect(inputs.some((file) => file.endsWith('/transport.ts'))).toBe(true);
  expect(gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).byteLength).toBeLessThanOrEqual(8 * 1024);
});

/** Node of another major version, if it was installed (docs/contributing.md). */
const otherNode = (major: number): string =>
  join(root, `node_modules/.cache/twite-nodes/${major}/node_modules/node/bin/node`);

describe('in an empty project', () => {
  let project: string;
  beforeAll(async () => {
    project = join(folder, 'project');
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{ "private": true }');
    const tarballs = packages
      // Its drivers take a hundred megabytes, and only a cluster needs them.
      .filter(({ name }) => name !== '@twite/engine-distributed')
      .map(({ tarball }) => tarball);
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['install', ...flags, ...tarballs], { cwd: project });
  });

  test('`npx twite up` starts a server, and the SDK uses it on Node 20, 22 and 24', async () => {
    const up = spawn('npx', ['twite', 'up', '--empty', '--port', '0', '--data-dir', join(folder, 'data')], {
      cwd: project,
      env: { PATH: process.env.PATH, HOME: folder, TWITE_METRICS_PORT: 'off', TWITE_RATE_LIMITS: 'off' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let url: string | undefined;
      for await (const line of createInterface({ input: up.stdout })) {
        url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
        if (url) break;
      }
      up.stdout.resume();
      const program = `
        const [, , url, handle] = process.argv;
        const twite = createTwite({ baseUrl: url });
        const use = async () => {
          await twite.accounts.create({ handle, password: 'a password of a test' });
          const { postId } = await twite.posts.create({ text: 'Hello from ' + process.version });
          const error = await twite.posts.get({ postId: '1' + postId.slice(1).replace(/./g, '0') }).catch((thrown) => thrown);
          if (!(error instanceof NotFoundError)) throw error;
          const { items } = await twite.timelines.home();
          console.log(JSON.stringify([items[0].text, error.constructor.name]));
        };
        use();`;
      const imports = 'createTwite, NotFoundError';
      await writeFile(join(project, 'use.mjs'), `import { ${imports} } from '@twite/sdk';${program}`);
      await writeFile(join(project, 'use.cjs'), `const { ${imports} } = require('@twite/sdk');${program}`);
      for (const major of [20, 22, 24]) {
        const node = major === 24 ? process.execPath : otherNode(major);
        if (!existsSync(node)) {
          console.log(`LEFT OUT: Node ${major}, which is not installed (docs/contributing.md).`);
          continue;
        }
        const { stdout: version } = await run(node, ['--version']);
        expect(version).toMatch(new RegExp(`^v${major}\\.`));
        for (const format of ['mjs', 'cjs']) {
          const handle = `on_${major}_${format}`;
          const { stdout } = await run(node, [`use.${format}`, String(url), handle], { cwd: project });
          expect(JSON.parse(stdout)).toEqual([`Hello from ${version.trim()}`, 'NotFoundError']);
        }
        const env = {
          PATH: process.env.PATH ?? '',
          TWITE_URL: String(url),
          TWITE_CONFIG_DIR: join(project, `config-${major}`),
          TWITE_PASSWORD: 'a password of a test',
        };
        const twite = (...args: readonly string[]) =>
          run(node, ['node_modules/@twite/cli/bin/twite.js', ...args], { cwd: project, env });
        await twite('signup', `shell_on_${major}`);
        await twite('post', `From a shell on ${major}`);
        expect((await twite('timeline')).stdout).toMatch(new RegExp(`\\tFrom a shell on ${major}\\n`));
        if (major < 24) {
          const refused = await twite('doctor', '--json').catch((error: { stderr: string }) => error);
          expect(JSON.parse(refused.stderr)).toMatchObject({ code: 'node_too_old' });
        }
      }
    } finally {
      up.kill('SIGTERM');
      await once(up, 'exit');
    }
  });

  test('TypeScript finds the types of the SDK, also in CommonJS', async () => {
    const source = `import { createTwite, NotFoundError, type Post } from '@twite/sdk';
      export const read = async (): Promise<Post> => createTwite({ baseUrl: 'http://a.test' }).posts.get({ postId: '1' });
      export const missing = (error: unknown): string => (error instanceof NotFoundError ? error.code : '');
      // @ts-expect-error: it is a text.
      export const wrong: number = new NotFoundError({} as never, {} as never, {} as never).code;`;
    await writeFile(join(project, 'esm.mts'), source);
    await writeFile(join(project, 'commonjs.cts'), source);
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--lib',
      'es2022,dom',
      '--module',
      'node16',
    ];
    await run(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), ...options, 'esm.mts', 'commonjs.cts'],
      { cwd: project },
    ).catch((error: { stdout?: string }) => Promise.reject(new Error(error.stdout)));
  });
});
