import { chmodSync, closeSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mediaFolderName } from '../files/blob-folders.ts';
import type { Log } from '../log.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** The files that Twite keeps in a data folder. */
const isOwn = (name: string): boolean => /^(twite\.|demo\.json)/.test(name);

/** The folders that Twite keeps in it: media, and pending uploads. */
const isOwnFolder = (name: string): boolean => [mediaFolderName, 'uploads'].includes(name);

/** A separate volume has this folder of the file system. */
const isOwnOrVolume = (name: string): boolean => isOwn(name) || isOwnFolder(name) || name === 'lost+found';

/**
 * Removes the permissions of everyone but the owner from the data folder and Twite's files in it, because earlier
 * installations left them readable. SQLite gives its log and shared memory the mode of the database. A folder that also
 * contains other files, such as a home folder, keeps its mode. Logs what the file system refuses.
 */
export function restrictAccess(folder: string, databaseFile: string, log: Log): void {
  createFile(databaseFile);
  const names = readdirSync(folder);
  for (const name of names.filter(isOwn)) setMode(join(folder, name), FILE_MODE, log);
  for (const name of names.filter(isOwnFolder)) setMode(join(folder, name), FOLDER_MODE, log);
  if (names.every(isOwnOrVolume)) setMode(folder, FOLDER_MODE, log);
  else if ((lstatSync(folder).mode & 0o077) !== 0) {
    log({ level: 'warn', msg: 'data folder readable by others', folder });
  }
}

/**
 * Creates the database, which SQLite would make readable to everyone. Never opens an existing one: closing it again
 * would release the locks of SQLite in this process.
 */
function createFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', FILE_MODE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function setMode(path: string, mode: number, log: Log): void {
  try {
    const found = lstatSync(path);
    if (found.isSymbolicLink() || (found.mode & 0o777) === mode) return;
    chmodSync(path, mode);
  } catch (err) {
    // A file that another process removed meanwhile needs no mode.
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return;
    log({ level: 'warn', msg: 'file mode not changed', path, err });
  }
}
