import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The last commit of the previous release. Update it when a release is made. */
const commit = 'd8dc30223372781112a8cee8acb13dd3e33ba021';
const root = join(import.meta.dirname, '../../../..');

/** Whether this clone contains it: a shallow one does not. */
export const hasPreviousRelease: boolean = await run('git', ['cat-file', '-e', `${commit}^{commit}`], {
  cwd: root,
}).then(
  () => true,
  () => false,
);

export interface PreviousRelease extends AsyncDisposable {
  /** For `startProcesses`. */
  readonly entry: string;
}

/** Unpacks its packages into a separate folder, on the dependencies installed here. */
export async function unpackPreviousRelease(): Promise<PreviousRelease> {
  const folder = await mkdtemp(join(tmpdir(), 'twite-previous-'));
  const archive = join(folder, 'packages.tar');
  await run('git', ['archive', '-o', archive, commit, 'packages', 'package.json'], { cwd: root });
  await run('tar', ['-xf', archive, '-C', folder]);
  await linkModules(join(root, 'node_modules'), join(folder, 'node_modules'), folder);
  return {
    entry: join(folder, 'packages/server/src/fault-tests/run-process.ts'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Links the installed packages; a link to a package of this workspace becomes one to that of the previous release. */
async function linkModules(from: string, to: string, folder: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.name === '@twite') await linkModules(source, target, folder);
    else if (entry.isSymbolicLink()) {
      await symlink(join(folder, 'packages', basename(await readlink(source))), target);
    } else await symlink(source, target);
  }
}
