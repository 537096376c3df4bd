import { z } from 'zod4';

/**
 * A backup is a gzipped tar: `manifest.json` first, then the files of each section, then `checksums.json`. The manifest says
 * what was known before the first row was read; the checksums, what is known after the last.
 *
 * Rises when an older Twite could not restore what a newer one writes.
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
    /** What was in effect, by the names of the environment variables. */
    variables: z.record(z.string(), z.string()),
    /** Variables that hold a secret: their names only. */
    secrets: z.array(z.string()),
  }),
});

/** What an archive says about itself before its data. */
export type Manifest = z.infer<typeof manifestSchema>;

const sectionSchema = z.object({
  section: z.string(),
  files: count,
  rows: count,
  bytes: count,
  /** Of the contents of all its files, one after the other. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const checksumsSchema = z.object({ sections: z.array(sectionSchema) });

/** What one section of an archive holds. */
export type Section = z.infer<typeof sectionSchema>;

/** The archive cannot be restored. The message is one line for the operator. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}
