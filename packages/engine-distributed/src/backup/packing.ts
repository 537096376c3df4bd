import type { BackupFile } from '@twite/core/backup/backup-ports';
import { EngineOpenError } from '../engine-open-error.ts';

/** A file is closed when it is larger. One document more fits in any case: MongoDB's have at most 16 MiB. */
const fileBytes = 4 * 1024 * 1024;
/** Of a file that is read. */
const fileBytesMax = 64 * 1024 * 1024;
const documentBytesMin = 5;

/** Packs BSON documents into files of some MiB, one document after the other: as `bsondump` reads them. */
export async function* packDocuments(
  section: string,
  batches: AsyncIterable<readonly Uint8Array[]>,
): AsyncGenerator<BackupFile> {
  let held: Uint8Array[] = [];
  let size = 0;
  let number = 0;
  const close = (): BackupFile => {
    number += 1;
    const name = `${section}/${String(number).padStart(8, '0')}.bson`;
    const file = { section, name, rows: held.length, size, chunks: held };
    held = [];
    size = 0;
    return file;
  };
  for await (const batch of batches) {
    for (const document of batch) {
      held.push(document);
      size += document.byteLength;
      if (size >= fileBytes) yield close();
    }
  }
  // Also an empty section has a file: that it is missing shows.
  if (size > 0 || number === 0) yield close();
}

/** The documents of a file. Throws when it is not what `packDocuments` writes. */
export async function unpackDocuments(
  name: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Uint8Array[]> {
  const broken = () =>
    new EngineOpenError(`the archive is damaged: ${name} holds something else than documents`);
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > fileBytesMax) throw broken();
    held.push(chunk);
  }
  const bytes = Buffer.concat(held);
  const documents: Uint8Array[] = [];
  for (let at = 0; at < size; ) {
    const length = size - at >= documentBytesMin ? bytes.readInt32LE(at) : 0;
    if (length < documentBytesMin || length > size - at || bytes[at + length - 1] !== 0) throw broken();
    documents.push(bytes.subarray(at, at + length));
    at += length;
  }
  return documents;
}
