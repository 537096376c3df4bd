import type { MediaSection } from '@twite/core/backup/backup-ports';
import { isMediaKey, servedMimeType } from '@twite/core/media/media-keys';
import type { BlobFolder } from '../files/blob-folders.ts';

const folders = { media: 'served', withheld: 'withheld', uploads: 'uploads' } as const satisfies Record<
  MediaSection,
  BlobFolder
>;

/** The section of an object, and its name in the archive. */
export function archived({ key, isWithheld }: { readonly key: string; readonly isWithheld: boolean }): {
  readonly section: MediaSection;
  readonly name: string;
} {
  const file = key.slice(key.indexOf('/') + 1);
  const section = servedMimeType(key) === undefined ? 'uploads' : isWithheld ? 'withheld' : 'media';
  return { section, name: `${section}/${file}` };
}

/** The object that a file of an archive contains. Undefined for any other name. */
export function objectOf(
  section: MediaSection,
  name: string,
): { readonly key: string; readonly folder: BlobFolder } | undefined {
  if (!name.startsWith(`${section}/`)) return undefined;
  const file = name.slice(section.length + 1);
  const key = `${section === 'uploads' ? 'uploads' : 'media'}/${file}`;
  return isMediaKey(key) ? { key, folder: folders[section] } : undefined;
}
