import { randomBytes } from 'node:crypto';
import type { MediaMimeType } from './media-record.ts';

const extensions = {
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
} as const satisfies Record<MediaMimeType, string>;

const random = (): string => randomBytes(16).toString('hex');

/** A new, unused key: 128 random bits. */
export const newMediaKey = (mimeType: MediaMimeType): string => `media/${random()}.${extensions[mimeType]}`;

/** A key for an upload that is still to be processed. Never served. */
export const newSourceKey = (): string => `uploads/${random()}.bin`;

const served = /^media\/[0-9a-f]{32}\.(webp|mp4|webm)$/;
const source = /^uploads\/[0-9a-f]{32}\.bin$/;

/** The media type of a key that may be served. Undefined for any other key. */
export function servedMimeType(key: string): MediaMimeType | undefined {
  const extension = served.exec(key)?.[1];
  if (extension === undefined) return undefined;
  return extension === 'webp' ? 'image/webp' : extension === 'mp4' ? 'video/mp4' : 'video/webm';
}

export const isMediaKey = (key: string): boolean => served.test(key) || source.test(key);
