import type { BackupFile } from '@twite/core/backup/backup-ports';
import { EngineOpenError } from '../engine-open-error.ts';

/** A file is closed once it is larger than this. One more document always fits: MongoDB's have at most 16 MiB. */
const fileBytes = 4 * 1024 * 1024;
/** The maximum size of a file that is read. */
const fileBytesMax = 64 * 1024 * 1024;
const documentBytesMin = 5;

/** Packs BSON documents into files of a few MiB, one document after the other, in the format that `bsondump` reads. */
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
  // An empty section has a file too, so that a missing section is noticed.
  if (size > 0 || number === 0) yield close();
}

/** The documents of a file. Throws when the file is not in the format of `packDocuments`. */
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
