import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { BackupFile } from '@twite/core/backup/backup-ports';
import { type Pack, pack } from 'tar-stream';
import { checksumsName, type Manifest, manifestName, type Section } from './archive-format.ts';
import { createSectionDigests } from './section-digests.ts';

/** Writes a complete archive, one file at a time. Closes the output. The signal aborts it with its reason. */
export async function writeArchive(
  output: Writable,
  manifest: Manifest,
  files: AsyncIterable<BackupFile>,
  signal?: AbortSignal,
): Promise<readonly Section[]> {
  signal?.throwIfAborted();
  const tar = pack();
  const failing = new AbortController();
  const interrupt = () => failing.abort(signal?.reason);
  signal?.addEventListener('abort', interrupt, { once: true });
  const sections = writeEntries(tar, manifest, files).catch((error: unknown) => {
    failing.abort(error);
    throw error;
  });
  const [written, flowed] = await Promise.allSettled([
    sections,
    pipeline(tar, createGzip(), output, { signal: failing.signal }).catch((error: unknown) => {
      // Ends an entry's wait for room.
      tar.destroy(error as Error);
      throw error;
    }),
  ]);
  signal?.removeEventListener('abort', interrupt);
  signal?.throwIfAborted();
  // When entries fail, the pipeline reports only that it was aborted.
  if (failing.signal.aborted && flowed.status === 'rejected' && !isAbort(flowed.reason)) throw flowed.reason;
  if (written.status === 'rejected') throw written.reason;
  if (flowed.status === 'rejected') throw flowed.reason;
  return written.value;
}

const isAbort = (error: unknown): boolean => (error as Error).name === 'AbortError';

async function writeEntries(
  tar: Pack,
  manifest: Manifest,
  files: AsyncIterable<BackupFile>,
): Promise<readonly Section[]> {
  const mtime = new Date(manifest.createdAt);
  const addEntry = (name: string, size: number, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) =>
    pipeline(Readable.from(chunks), tar.entry({ name, size, mode: 0o600, mtime }) as unknown as Writable);
  const addJson = (name: string, value: unknown) => {
    const json = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
    return addEntry(name, json.byteLength, [json]);
  };
  const digests = createSectionDigests();
  await addJson(manifestName, manifest);
  for await (const { section, name, rows, size, chunks } of files) {
    await addEntry(name, size, digests.pass(section, chunks));
    digests.addFile(section, rows);
  }
  const sections = digests.result();
  await addJson(checksumsName, { sections });
  tar.finalize();
  return sections;
}
