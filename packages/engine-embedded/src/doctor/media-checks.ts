import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Check, fail, pass, warn } from '@twite/core/doctor/run-checks';
import { mediaFolderName } from '../files/blob-folders.ts';
import { unlessMissing } from '../files/file-error.ts';

const FREE_WARNS = 1024 ** 3;
const FREE_FAILS = 64 * 1024 ** 2;

/** Read-only checks of the media folder. The data folder has a check of its own. */
export function mediaChecks(dataDir: string): readonly Check[] {
  const folder = join(dataDir, mediaFolderName);
  return [
    {
      name: 'media',
      fix: `Make the user of the server the owner of ${folder}, with mode 0700.`,
      async find() {
        const found = await unlessMissing(stat(folder));
        if (found === undefined) return pass('there are no media yet');
        if (!found.isDirectory()) return fail(`${folder} is not a folder`, 'Move the file away.');
        await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
        const { bavail, bsize } = await statfs(folder);
        const free = bavail * bsize;
        const words = `${folder} is writable, ${(free / 1024 ** 3).toFixed(1)} GB are free`;
        if (free < FREE_FAILS) return fail(words, 'Free some space: uploads are refused.');
        if (free < FREE_WARNS) return warn(words, 'Free some space before uploads are refused.');
        return pass(words);
      },
    },
  ];
}
