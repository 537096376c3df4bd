import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { prepareTypes } from './shipped-types.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

export interface PackedPackage {
  readonly name: string;
  /** The folder of the package in this repository. */
  readonly folder: string;
  readonly tarball: string;
  /** The packed size in bytes. */
  readonly size: number;
  readonly files: readonly string[];
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** The folders of the published packages. */
const publishedFolders = (): string[] =>
  globSync('packages/*/package.json', { cwd: root })
    .filter((file) => !JSON.parse(readFileSync(join(root, file), 'utf8')).private)
    .map((file) => join(root, dirname(file)))
    .sort();

/** Packs all published packages into a folder: the work of their `prepack` scripts, but once for all of them. */
export async function packPackages(destination: string): Promise<PackedPackage[]> {
  await run(process.execPath, [join(root, 'scripts/build.mjs')]);
  const folders = publishedFolders();
  // Not the whole repository: types of scripts and tests are in no package.
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', ...folders]);
  for (const folder of folders) prepareTypes(folder);
  const { stdout } = await run(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', destination, ...folders],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  // An array up to npm 11, an object by name in later versions.
  const packed = Object.values(JSON.parse(stdout) as Record<string, Packed>);
  return packed.map(({ name, filename, size, files }) => ({
    name,
    folder: join(root, 'packages', name.replace('@twite/', '')),
    tarball: join(destination, filename),
    size,
    files: files.map(({ path }) => path),
  }));
}
