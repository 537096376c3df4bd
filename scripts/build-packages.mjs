import { copyFile, glob, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const wholeStamp = join(root, 'node_modules/.twite-built');

/** What the reference page at /docs is made of, so that a server needs no package for it at run time. */
const docsUiFiles = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'favicon-32x32.png',
  'LICENSE',
  'NOTICE',
];

const collect = async (pattern) => {
  const files = [];
  for await (const file of glob(pattern, { cwd: root })) files.push(file);
  return files.sort();
};

/** All that a package's JavaScript depends on, with its times: equal to the last build's when nothing changed. */
async function sourcesOf(name) {
  const files = await collect(`packages/${name}/src/**/*.{ts,json}`);
  const sources = files.filter((file) => !/\.test\./.test(file));
  const all = [...sources, `packages/${name}/package.json`, 'tsup.config.ts', 'package-lock.json'];
  const lines = await Promise.all(
    all.map(async (file) => `${file} ${(await stat(join(root, file))).mtimeMs}`),
  );
  return lines.join('\n');
}

const stampOf = (name) => join(root, 'packages', name, 'dist/.built');

async function isBuilt(name, sources) {
  return (await readFile(stampOf(name), 'utf8').catch(() => undefined)) === sources;
}

/** Names of the last build that this one did not make again, such as chunks with another hash. */
async function removeOlder(name, startedMs) {
  for (const file of await collect(`packages/${name}/dist/**/*.{js,cjs,map}`)) {
    if (/\.d\.c?ts\.map$/.test(file)) continue;
    if ((await stat(join(root, file))).mtimeMs < startedMs) await rm(join(root, file));
  }
}

async function copyDocsUi() {
  const from = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const to = join(root, 'packages/server/dist/docs-ui');
  await mkdir(to, { recursive: true });
  await Promise.all(docsUiFiles.map((file) => copyFile(join(from, file), join(to, file))));
}

async function buildPackage(bundle, sources) {
  const { build } = await import('tsup');
  const { name } = bundle;
  // tsup passes over an entry that is not there.
  await Promise.all(bundle.entry.map((file) => stat(join(root, file))));
  // File times may be coarser than the clock.
  const startedMs = Date.now() - 50;
  await rm(stampOf(name), { force: true });
  await build({ ...bundle, config: false });
  await removeOlder(name, startedMs);
  if (name === 'server') await copyDocsUi();
  await writeFile(stampOf(name), sources);
}

/** One build at a time in this folder; the lock of a process that is gone is taken over. */
async function withLock(act) {
  // Loaded here, so that a start with nothing to build needs no package.
  const { default: lockfile } = await import('proper-lockfile');
  const release = await lockfile.lock(wholeStamp, {
    // The stamp does not exist before the first build.
    realpath: false,
    stale: 20_000,
    retries: { forever: true, factor: 1, minTimeout: 50, maxTimeout: 50 },
  });
  try {
    return await act();
  } finally {
    await release();
  }
}

async function findStale(force) {
  const { bundles } = await import('../tsup.config.ts');
  const states = await Promise.all(
    bundles.map(async (bundle) => {
      const sources = await sourcesOf(bundle.name);
      return { bundle, sources, stale: force || !(await isBuilt(bundle.name, sources)) };
    }),
  );
  return states.filter(({ stale }) => stale);
}

/** Everything that builds depend on and the stamps they left, with their times: one answer for all packages. */
async function wholeState() {
  const files = await collect('packages/*/{src/**/*.{ts,json},package.json,dist/.built}');
  const all = [...files, 'tsup.config.ts', 'package-lock.json'];
  const lines = await Promise.all(
    all.map(async (file) => `${file} ${(await stat(join(root, file))).mtimeMs}`),
  );
  return lines.join('\n');
}

/** Whether nothing changed since the last build, found out without loading the configuration and a TypeScript reader. */
export async function isWholeBuilt() {
  process.chdir(root);
  return (await readFile(wholeStamp, 'utf8').catch(() => undefined)) === (await wholeState());
}

/** Builds what is stale, or all with `force`; answers the names of what was built. */
export async function buildAll({ force = false } = {}) {
  // tsup and the entries are found from here.
  process.chdir(root);
  if (!force && (await isWholeBuilt())) return [];
  return withLock(async () => {
    // Another process may have built in the meantime.
    const stale = await findStale(force);
    await Promise.all(stale.map(({ bundle, sources }) => buildPackage(bundle, sources)));
    await writeFile(wholeStamp, await wholeState());
    return stale.map(({ bundle }) => bundle.name);
  });
}
