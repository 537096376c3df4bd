import { isMediaKey, servedMimeType } from '@twite/core/media/media-keys';
import type { S3Place } from './client.ts';

type Named = Pick<S3Place, 'prefix'>;

export const withheldFolder = 'withheld/';

/** The name of the object of a key. */
export const nameOf = ({ prefix }: Named, key: string): string => `${prefix}${key}`;

/** Where the object of a key is while it is withheld. */
export const withheldNameOf = ({ prefix }: Named, key: string): string => `${prefix}${withheldFolder}${key}`;

/** Whether the key is of something that is served, and so can be withheld. */
export const isServed = (key: string): boolean => servedMimeType(key) !== undefined;

/** What everyone may read, as policies name it. */
export const publicPart = ({ bucket, prefix }: S3Place): string => `arn:aws:s3:::${bucket}/${prefix}media/*`;

/** @throws TypeError for anything else than a key: it would name an object that is not ours. */
export function requireKeys(keys: readonly string[]): void {
  const other = keys.find((key) => !isMediaKey(key));
  if (other !== undefined) throw new TypeError(`not a key of media: ${JSON.stringify(other.slice(0, 100))}`);
}
