import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { RestoredFile } from '@twite/core/backup/backup-ports';
import { type Extract, extract } from 'tar-stream';
import type { z } from 'zod4';
import {
  ArchiveError,
  checksumsName,
  checksumsSchema,
  describingBytesMax,
  formatVersion,
  type Manifest,
  manifestName,
  manifestSchema,
  type Section,
} from './archive-format.ts';
import { createSectionDigests } from './section-digests.ts';

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

export interface ArchiveReader {
  /** Called with the manifest, before any file. */
  onManifest(manifest: Manifest): Promise<void>;
  /** Called with each file in turn; must read all of it. Returns the number of its rows; undefined: not counted. */
  onFile(file: RestoredFile): Promise<number | undefined>;
}

const damaged = (what: string, cause?: unknown) =>
  new ArchiveError(`the archive is damaged or cut short: ${what}. Use another one.`, { cause });

/** An error thrown by the reader is not the archive's fault. */
class ReaderError extends Error {}

/**
 * Reads an archive to its end and verifies it against its checksums. Resolves with its sections when everything is
 * correct.
 * @throws ArchiveError when it is not a backup, is damaged or truncated, or has a newer format. Files passed to the
 * reader before may be wrong then.
 */
export async function readArchive(input: Readable, reader: ArchiveReader): Promise<readonly Section[]> {
  const entries = extract();
  const flow = pipeline(input, createGunzip(), entries);
  flow.catch(() => {});
  try {
    const sections = await readEntries(entries, reader);
    await flow;
    return sections;
  } catch (error) {
    entries.destroy();
    input.destroy();
    if (error instanceof ReaderError) throw error.cause;
    if (error instanceof ArchiveError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    // Errors of the file system are not damage.
    if (code !== undefined && /^E[A-Z]+$/.test(code)) throw error;
    throw damaged(message.replace(/\.$/, ''), error);
  }
}

async function readEntries(
  entries: AsyncIterable<Entry>,
  { onManifest, onFile }: ArchiveReader,
): Promise<readonly Section[]> {
  const digests = createSectionDigests();
  const uncounted = new Set<string>();
  let hasManifest = false;
  let expected: readonly Section[] | undefined;
  for await (const entry of entries) {
    const { name, size = 0, type } = entry.header;
    if (expected !== undefined) throw damaged(`${name} follows ${checksumsName}, which is the last file`);
    if (type !== 'file') throw damaged(`${name} is not a file`);
    if (!hasManifest) {
      if (name !== manifestName)
        throw new ArchiveError(`this is not a backup of Twite: it has no ${manifestName}`);
      const manifest = readManifest(await readJson(entry));
      await fromReader(() => onManifest(manifest));
      hasManifest = true;
    } else if (name === checksumsName) {
      expected = parse(checksumsSchema, await readJson(entry), name).sections;
    } else {
      const section = name.slice(0, name.lastIndexOf('/'));
      const chunks = digests.pass(section, entry as AsyncIterable<Uint8Array>);
      const rows = await fromReader(() => onFile({ section, name, size, chunks }), entry);
      if (rows === undefined) uncounted.add(section);
      digests.addFile(section, rows ?? 0);
    }
  }
  if (!hasManifest) throw damaged('it is empty');
  if (expected === undefined) throw damaged(`it has no ${checksumsName}`);
  compare(digests.result(), expected, uncounted);
  return expected;
}

/** Runs the reader, and distinguishes its errors from those of the stream that it reads. */
async function fromReader<T>(run: () => Promise<T>, entry?: Entry): Promise<T> {
  let streamError: unknown;
  entry?.once('error', (error) => {
    streamError = error;
  });
  try {
    return await run();
  } catch (error) {
    if (error === streamError || error instanceof ArchiveError) throw error;
    throw new ReaderError('', { cause: error });
  }
}

function readManifest(json: unknown): Manifest {
  const version = (json as { formatVersion?: unknown } | null)?.formatVersion;
  // Checked first: a newer manifest may have another format.
  if (typeof version === 'number' && version > formatVersion) {
    throw new ArchiveError(
      `the archive has format ${version}, written by a newer Twite; this one reads formats up to ${formatVersion}. Upgrade Twite.`,
    );
  }
  return parse(manifestSchema, json, manifestName);
}

async function readJson(entry: Entry): Promise<unknown> {
  const { name, size = 0 } = entry.header;
  if (size > describingBytesMax) throw damaged(`${name} is too large`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry) chunks.push(chunk as Uint8Array);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw damaged(`${name} is not JSON`, error);
  }
}

function parse<S extends z.ZodType>(schema: S, json: unknown, name: string): z.infer<S> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw damaged(`${name} does not have the right form`, parsed.error);
}

function compare(
  found: readonly Section[],
  expected: readonly Section[],
  uncounted: ReadonlySet<string>,
): void {
  const bySection = new Map(found.map((section) => [section.section, section]));
  for (const wanted of expected) {
    const { section } = wanted;
    const has = bySection.get(section);
    if (has === undefined) throw damaged(`${section} is missing`);
    bySection.delete(section);
    const isSame =
      has.sha256 === wanted.sha256 &&
      has.bytes === wanted.bytes &&
      has.files === wanted.files &&
      (has.rows === wanted.rows || uncounted.has(section));
    if (!isSame) throw damaged(`the checksum of ${section} is wrong`);
  }
  const [unknown] = bySection.keys();
  if (unknown !== undefined) throw damaged(`${unknown} has no checksum`);
}
