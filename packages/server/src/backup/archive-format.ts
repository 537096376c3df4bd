import { z } from 'zod4';

/**
 * A backup is a gzipped tar: `manifest.json` first, then the files of each section, then `checksums.json`. The manifest
 * contains what is known before the first row is read; the checksums, what is known after the last.
 *
 * Incremented when an older Twite could not restore the archives of a newer one.
 */
export const formatVersion = 1;

export const manifestName = 'manifest.json';
export const checksumsName = 'checksums.json';

/** Both files are read into memory. */
export const describingBytesMax = 4 * 1024 * 1024;

const count = z.int().nonnegative();

export const manifestSchema = z.object({
  format: z.literal('twite-backup'),
  formatVersion: z.int().positive(),
  twiteVersion: z.string(),
  engine: z.enum(['embedded', 'distributed']),
  schemaVersion: z.int().positive(),
  createdAt: z.iso.datetime(),
  namespace: z.string(),
  configuration: z.object({
    /** The effective values, by the names of the environment variables. */
    variables: z.record(z.string(), z.string()),
    /** The names of variables that hold a secret. */
    secrets: z.array(z.string()),
  }),
});

/** The description of an archive, stored before its data. */
export type Manifest = z.infer<typeof manifestSchema>;

const sectionSchema = z.object({
  section: z.string(),
  files: count,
  rows: count,
  bytes: count,
  /** Of the concatenated contents of all its files. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const checksumsSchema = z.object({ sections: z.array(sectionSchema) });

/** The content of one section of an archive. */
export type Section = z.infer<typeof sectionSchema>;

/** The archive cannot be restored. The message is one line for the operator. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}
