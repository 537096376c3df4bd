import { join } from 'node:path';
import { isMediaKey, servedMimeType } from '@twite/core/media/media-keys';

/** The media folder within a data folder. A single folder, so that it can be a volume of its own. */
export const mediaFolderName = 'media';

/** The folders of objects within the media folder. A web server may serve `served`; nothing else is public. */
export const blobFolders = ['served', 'withheld', 'uploads'] as const;
export type BlobFolder = (typeof blobFolders)[number];

/** Files that are being written. */
export const partialFolder = 'partial';

/** Objects of a backup that is being restored. */
export const restoringFolder = 'restoring';

const prefixes = { served: 'media/', withheld: 'media/', uploads: 'uploads/' } as const;

/** Refuses anything but a key: nothing else may become part of a path. */
export function requireKey(key: string): void {
  if (!isMediaKey(key)) throw new TypeError(`this is not a key of an object: ${JSON.stringify(key)}`);
}

/** The folder of an object that is not withheld. */
export const homeOf = (key: string): 'served' | 'uploads' =>
  servedMimeType(key) === undefined ? 'uploads' : 'served';

/** The possible folders of an object, in the order in which they are tried. */
export const foldersOf = (key: string): readonly BlobFolder[] =>
  homeOf(key) === 'served' ? ['served', 'withheld'] : ['uploads'];

const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);

/** The first two digits of a random name: a folder of 256 folders stays fast with millions of files. */
const shardOf = (name: string): string => name.slice(0, 2);

export const shards: readonly string[] = Array.from({ length: 256 }, (_, n) =>
  n.toString(16).padStart(2, '0'),
);

export const shardPath = (root: string, folder: BlobFolder, key: string): string =>
  join(root, folder, shardOf(nameOf(key)));

export const blobPath = (root: string, folder: BlobFolder, key: string): string =>
  join(shardPath(root, folder, key), nameOf(key));

/** The key of a file in a folder. Undefined if the file is not one of our objects. */
export function keyOf(folder: BlobFolder, shard: string, name: string): string | undefined {
  const key = `${prefixes[folder]}${name}`;
  return isMediaKey(key) && foldersOf(key).includes(folder) && shardOf(name) === shard ? key : undefined;
}
