import { isMediaKey, servedMimeType } from '@twite/core/media/media-keys';
import type { S3Place } from './client.ts';

type Named = Pick<S3Place, 'prefix'>;

export const withheldFolder = 'withheld/';

/** The name of the object of a key. */
export const nameOf = ({ prefix }: Named, key: string): string => `${prefix}${key}`;

/** The name of a key's object while it is withheld. */
export const withheldNameOf = ({ prefix }: Named, key: string): string => `${prefix}${withheldFolder}${key}`;

/** Whether the key belongs to a servable object, which can therefore be withheld. */
export const isServed = (key: string): boolean => servedMimeType(key) !== undefined;

/** The publicly readable part, as policies name it. */
export const publicPart = ({ bucket, prefix }: S3Place): string => `arn:aws:s3:::${bucket}/${prefix}media/*`;

/** @throws TypeError for anything other than a key: it would name an object that is not Twite's. */
export function requireKeys(keys: readonly string[]): void {
  const other = keys.find((key) => !isMediaKey(key));
  if (other !== undefined) throw new TypeError(`not a key of media: ${JSON.stringify(other.slice(0, 100))}`);
}
