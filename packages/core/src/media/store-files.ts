import type { Deps } from '../engine.ts';
import { unlessAway } from '../unavailable.ts';
import { newMediaKey } from './media-keys.ts';
import type { ProcessedFile, ProcessedMedia } from './media-processor.ts';
import { type MediaObject, type MediaVariant, variantNames } from './media-record.ts';

/** Processed files with the keys to store them under. Names with the same file share its object. */
export interface KeyedFiles {
  readonly files: ReadonlyMap<ProcessedFile, MediaObject>;
  readonly keys: readonly string[];
  readonly storedBytes: number;
  readonly variants: readonly MediaVariant[];
  readonly main: MediaObject;
}

export function giveKeys(processed: ProcessedMedia): KeyedFiles {
  const files = new Map<ProcessedFile, MediaObject>();
  for (const file of new Set([processed.main, ...processed.variants.values()])) {
    const { width, height, mimeType, bytes } = file;
    files.set(file, { key: newMediaKey(mimeType), width, height, mimeType, bytes });
  }
  const objectOf = (file: ProcessedFile): MediaObject => files.get(file) as MediaObject;
  const objects = [...files.values()];
  return {
    files,
    keys: objects.map(({ key }) => key),
    storedBytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
    variants: variantNames.flatMap((name) => {
      const file = processed.variants.get(name);
      return file ? [{ name, ...objectOf(file) }] : [];
    }),
    main: objectOf(processed.main),
  };
}

/** Stores every file under its key. */
export async function putFiles(deps: Pick<Deps, 'blobs'>, { files }: KeyedFiles): Promise<void> {
  await Promise.all(
    [...files].map(([file, { key, mimeType, bytes }]) =>
      deps.blobs.put(key, { bytes, mimeType, open: () => file.open() }),
    ),
  );
}

/**
 * Deletes the new objects of a medium that was removed meanwhile: nothing else refers to them. If this fails,
 * `pruneObjects` finds them.
 */
export async function deleteUnknownFiles(deps: Pick<Deps, 'blobs'>, keys: readonly string[]): Promise<void> {
  await unlessAway(deps.blobs.delete(keys), () => undefined);
}
