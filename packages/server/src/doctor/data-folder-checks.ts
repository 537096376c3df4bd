import { constants, type Stats } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Check, type Finding, fail, pass, warn } from '@twite/core/doctor/run-checks';

const mebibyte = 1024 ** 2;
const freeFailsMiB = 256;
const freeWarnsMiB = 2_048;
const freeWarnsShare = 0.05;

const statOf = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined);

/** The folder itself, or its nearest existing ancestor. */
async function nearest(folder: string): Promise<string> {
  for (let path = folder; ; path = dirname(path)) {
    if ((await statOf(path))?.isDirectory() || dirname(path) === path) return path;
  }
}

export const freeDisk = (folder: string): Check => ({
  name: 'disk',
  fix: `Check the disk of ${folder}.`,
  async find() {
    const { bavail, blocks, bsize } = await statfs(await nearest(folder));
    const free = (bavail * bsize) / mebibyte;
    const share = bavail / Math.max(blocks, 1);
    const words = `${Math.round(free)} MiB are free (${Math.round(share * 100)} %) where ${folder} is`;
    const fix = 'Make room, or move the data to a larger disk: when it is full, nothing can be written.';
    if (free < freeFailsMiB) return fail(words, fix);
    return free < freeWarnsMiB || share < freeWarnsShare ? warn(words, fix) : pass(words);
  },
});

// From statfs: network file systems, on which locks and fsync do not work as SQLite needs.
const networkTypes = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
]);

export const folderPermissions = (folder: string): Check => ({
  name: 'data folder',
  fix: `Make the user of the server the owner of ${folder}.`,
  find: () => judgeFolder(folder),
});

async function judgeFolder(folder: string): Promise<Finding> {
  const found = await statOf(folder);
  const user = process.getuid?.();
  const own = `chown -R ${user ?? 'USER'} ${folder}`;
  if (found === undefined) {
    const parent = await nearest(folder);
    const isWritable = await access(parent, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (isWritable) return pass(`${folder} will be created at the first start`);
    return fail(`${folder} is missing and cannot be created in ${parent}`, `mkdir -p ${folder} && ${own}`);
  }
  if (!found.isDirectory())
    return fail(`${folder} is not a folder`, 'Remove the file, or set TWITE_DATA_DIR.');
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return fail(`${folder} is not writable by user ${user}`, own);
  }
  const network = networkTypes.get((await statfs(folder)).type);
  if (network !== undefined) {
    return fail(`${folder} is on ${network}`, 'Use a local disk: SQLite needs its locks and its fsync.');
  }
  const database = await statOf(join(folder, 'twite.db'));
  if (database !== undefined && user !== undefined && user !== 0 && database.uid !== user) {
    return fail(`${join(folder, 'twite.db')} belongs to user ${database.uid}, not ${user}`, own);
  }
  if ((found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8);
    return warn(`${folder} has mode ${mode}: other users of this machine can read it`, `chmod 700 ${folder}`);
  }
  return pass(`${folder} is writable, and readable by its owner only`);
}
