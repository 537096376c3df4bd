import { join } from 'node:path';
import { isMediaKey, servedMimeType } from '@twite/core/media/media-keys';

/** The folder of media in a data folder. One folder, so that it can be a volume of its own. */
export const mediaFolderName = 'media';

/** Where objects are, in the folder of media. A web server may serve `served`; nothing else is for readers. */
export const blobFolders = ['served', 'withheld', 'uploads'] as const;
export type BlobFolder = (typeof blobFolders)[number];

/** Files that are being written. */
export const partialFolder = 'partial';

/** Objects of a backup that is being restored. */
export const restoringFolder = 'restoring';

const prefixes = { served: 'media/', withheld: 'media/', uploads: 'uploads/' } as const;

/** Refuses what is not a key: nothing else ever becomes part of a path. */
export function requireKey(key: string): void {
  if (!isMediaKey(key)) throw new TypeError(`this is not a key of an object: ${JSON.stringify(key)}`);
}

/** Where an object is when it is not withheld. */
export const homeOf = (key: string): 'served' | 'uploads' =>
  servedMimeType(key) === undefined ? 'uploads' : 'served';

/** The folders where an object may be, in the order in which they are tried. */
export const foldersOf = (key: string): readonly BlobFolder[] =>
  homeOf(key) === 'served' ? ['served', 'withheld'] : ['uploads'];

const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);

/** Two digits of a random name: a folder of 256 folders stays quick with millions of files. */
const shardOf = (name: string): string => name.slice(0, 2);

export const shards: readonly string[] = Array.from({ length: 256 }, (_, n) =>
  n.toString(16).padStart(2, '0'),
);

export const shardPath = (root: string, folder: BlobFolder, key: string): string =>
  join(root, folder, shardOf(nameOf(key)));

export const blobPath = (root: string, folder: BlobFolder, key: string): string =>
  join(shardPath(root, folder, key), nameOf(key));

/** The key of a file in a folder; undefined for a file that is not an object of ours. */
export function keyOf(folder: BlobFolder, shard: string, name: string): string | undefined {
  const key = `${prefixes[folder]}${name}`;
  return isMediaKey(key) && foldersOf(key).includes(folder) && shardOf(name) === shard ? key : undefined;
}
