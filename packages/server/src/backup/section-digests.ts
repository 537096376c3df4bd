import { createHash, type Hash } from 'node:crypto';
import type { Section } from './archive-format.ts';

/** Counts and hashes the files of an archive, by section. */
export interface SectionDigests {
  /** Yields the same chunks, counting them as they pass. */
  pass(section: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  addFile(section: string, rows: number): void;
  result(): Section[];
}

interface Digest {
  readonly hash: Hash;
  files: number;
  rows: number;
  bytes: number;
}

export function createSectionDigests(): SectionDigests {
  const digests = new Map<string, Digest>();
  const digestOf = (section: string): Digest => {
    let digest = digests.get(section);
    if (digest === undefined) {
      digest = { hash: createHash('sha256'), files: 0, rows: 0, bytes: 0 };
      digests.set(section, digest);
    }
    return digest;
  };
  return {
    async *pass(section, chunks) {
      const digest = digestOf(section);
      for await (const chunk of chunks) {
        digest.hash.update(chunk);
        digest.bytes += chunk.byteLength;
        yield chunk;
      }
    },
    addFile(section, rows) {
      const digest = digestOf(section);
      digest.files += 1;
      digest.rows += rows;
    },
    result: () =>
      [...digests].map(([section, { hash, ...counts }]) => ({
        section,
        ...counts,
        sha256: hash.copy().digest('hex'),
      })),
  };
}
