import { isMediaKey, servedMimeType } from '@twite/core/media/media-keys';
import type { BlobFolder } from '../files/blob-folders.ts';

/** Sections of an archive that hold objects: where each one was. */
const sections = ['media', 'withheld', 'uploads'] as const;
export type MediaSection = (typeof sections)[number];

const folders = { media: 'served', withheld: 'withheld', uploads: 'uploads' } as const satisfies Record<
  MediaSection,
  BlobFolder
>;

export const isMediaSection = (section: string): section is MediaSection =>
  (sections as readonly string[]).includes(section);

/** The section of an object, and its name in the archive. */
export function archived({ key, isWithheld }: { readonly key: string; readonly isWithheld: boolean }): {
  readonly section: MediaSection;
  readonly name: string;
} {
  const file = key.slice(key.indexOf('/') + 1);
  const section = servedMimeType(key) === undefined ? 'uploads' : isWithheld ? 'withheld' : 'media';
  return { section, name: `${section}/${file}` };
}

/** The object that a file of an archive is; undefined for a name that is none. */
export function objectOf(
  section: MediaSection,
  name: string,
): { readonly key: string; readonly folder: BlobFolder } | undefined {
  if (!name.startsWith(`${section}/`)) return undefined;
  const file = name.slice(section.length + 1);
  const key = `${section === 'uploads' ? 'uploads' : 'media'}/${file}`;
  return isMediaKey(key) ? { key, folder: folders[section] } : undefined;
}
