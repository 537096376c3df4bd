import { Readable, Writable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { BackupFile } from '@twite/core/backup/backup-ports';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { beforeAll, expect, test } from 'vitest';
import { ArchiveError, type Manifest } from './archive-format.ts';
import { readArchive } from './read-archive.ts';
import { writeArchive } from './write-archive.ts';

const manifest: Manifest = {
  format: 'twite-backup',
  formatVersion: 1,
  twiteVersion: '1.2.3',
  engine: 'distributed',
  schemaVersion: 1,
  createdAt: '2026-11-29T12:00:00.000Z',
  namespace: 'twite',
  configuration: { variables: { TWITE_PORT: '8080' }, secrets: ['TWITE_MONGODB_URL'] },
};

interface Given {
  readonly section: string;
  readonly contents: readonly Uint8Array[];
}

async function* filesOf(sections: readonly Given[]): AsyncGenerator<BackupFile> {
  for (const { section, contents } of sections) {
    for (const [index, content] of contents.entries()) {
      const name = `${section}/${index}`;
      yield { section, name, rows: content.byteLength, size: content.byteLength, chunks: [content] };
    }
  }
}

async function write(sections: readonly Given[], files = filesOf(sections)): Promise<Buffer> {
  const written: Uint8Array[] = [];
  const output = new Writable({
    write(chunk, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  await writeArchive(output, manifest, files);
  return Buffer.concat(written);
}

interface Read {
  readonly manifest: Manifest | undefined;
  readonly files: Readonly<Record<string, string>>;
}

async function read(archive: Uint8Array): Promise<Read> {
  let found: Manifest | undefined;
  const files: Record<string, string> = {};
  await readArchive(Readable.from([archive]), {
    async onManifest(given) {
      found = given;
    },
    async onFile({ name, chunks }) {
      const content: Uint8Array[] = [];
      for await (const chunk of chunks) content.push(chunk);
      const all = Buffer.concat(content);
      files[name] = all.toString('hex');
      return all.byteLength;
    },
  });
  return { manifest: found, files };
}

const sample: readonly Given[] = [
  { section: 'identity/accounts', contents: [Buffer.from('cosette'.repeat(300)), Buffer.from('marius')] },
  { section: 'posts/posts', contents: [Buffer.alloc(3_000, 7), new Uint8Array()] },
];
let whole: Buffer;
let wanted: Read;
beforeAll(async () => {
  whole = await write(sample);
  wanted = await read(whole);
});

test('any content is read as written', async () => {
  const sections = fc.uniqueArray(
    fc.record({
      section: fc.stringMatching(/^[a-z]{1,8}(\/[a-zA-Z]{1,8})?$/),
      contents: fc.array(fc.uint8Array({ maxLength: 2_000 }), { minLength: 1, maxLength: 4 }),
    }),
    { selector: ({ section }) => section, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(sections, async (given) => {
      const { manifest: found, files } = await read(await write(given));
      expect(found).toEqual(manifest);
      const expected: Record<string, string> = {};
      for await (const { name, chunks } of filesOf(given))
        expected[name] = Buffer.from([...(chunks as Iterable<Uint8Array>)][0] ?? []).toString('hex');
      expect(files).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
});

test('an archive truncated anywhere is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: whole.byteLength - 1 }), async (length) => {
      await expect(read(whole.subarray(0, length))).rejects.toThrow(ArchiveError);
    }),
    { numRuns: 1_000 },
  );
});

test('an archive with any flipped bit is refused, or has the same content', async () => {
  const bits = whole.byteLength * 8;
  let refused = 0;
  for (let bit = 0; bit < bits; bit++) {
    const damaged = Buffer.from(whole);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const result = await read(damaged).catch((error: unknown) => error);
    if (result instanceof ArchiveError) refused += 1;
    else expect(result, `bit ${bit}`).toEqual(wanted);
  }
  // The others are in the header of gzip, or encode the same bytes differently.
  expect(refused / bits).toBeGreaterThan(0.95);
});

test('a truncated tar inside a complete gzip is refused', async () => {
  const tar = gunzipSync(whole);
  for (let length = 0; length < tar.byteLength - 1_024; length += 256) {
    await expect(read(gzipSync(tar.subarray(0, length)))).rejects.toThrow(ArchiveError);
  }
});

test('changed contents behind a valid gzip are found by their checksum', async () => {
  const tar = gunzipSync(whole);
  tar.set(Buffer.from('javert!'), tar.indexOf('cosette'));
  await expect(read(gzipSync(tar))).rejects.toThrow('the checksum of identity/accounts is wrong');
});

/** An archive of any files, by name. */
async function packed(files: Readonly<Record<string, unknown>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, value] of Object.entries(files))
    tar.entry({ name }, typeof value === 'string' ? value : JSON.stringify(value));
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}

const none = { sections: [] };

test.each([
  [
    'a newer format',
    { 'manifest.json': { ...manifest, formatVersion: 2, engine: 'quantum' } },
    'Upgrade Twite',
  ],
  ['another tar', { 'README.md': 'hello' }, 'this is not a backup of Twite'],
  ['nothing', {}, 'it is empty'],
  ['a manifest that is no JSON', { 'manifest.json': '{' }, 'manifest.json is not JSON'],
  ['an unknown engine', { 'manifest.json': { ...manifest, engine: 'quantum' } }, 'right form'],
  ['no checksums', { 'manifest.json': manifest, 'a/b': 'c' }, 'it has no checksums.json'],
  [
    'a section without checksum',
    { 'manifest.json': manifest, 'a/b': 'c', 'checksums.json': none },
    'a has no',
  ],
  [
    'a file behind the last',
    { 'manifest.json': manifest, 'checksums.json': none, 'a/b': 'c' },
    'a/b follows',
  ],
  [
    'a missing section',
    {
      'manifest.json': manifest,
      'checksums.json': { sections: [{ section: 'a', files: 1, rows: 0, bytes: 0, sha256: '0'.repeat(64) }] },
    },
    'a is missing',
  ],
])('%s is refused with the reason', async (_what, files, reason) => {
  const error = await read(await packed(files)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ArchiveError);
  expect((error as Error).message).toContain(reason);
  expect((error as Error).message).not.toContain('\n');
});

test('bytes that are not gzip are refused', async () => {
  await expect(read(Buffer.from('no archive at all'))).rejects.toThrow(ArchiveError);
  await expect(read(Buffer.alloc(0))).rejects.toThrow(ArchiveError);
});

test('a failing source or output ends the writing with its own error', async () => {
  async function* failing(): AsyncGenerator<BackupFile> {
    yield* filesOf(sample);
    throw new Error('the database went away');
  }
  await expect(write([], failing())).rejects.toThrow('the database went away');
  const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) });
  const large = Array.from({ length: 50 }, () => Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))));
  const files = filesOf([{ section: 'a', contents: large }]);
  await expect(writeArchive(full, manifest, files)).rejects.toThrow('no space left');
});

test('an error of the reader is passed on unchanged', async () => {
  const reader = {
    onManifest: async () => {},
    onFile: async () => Promise.reject(new TypeError('a bug')),
  };
  await expect(readArchive(Readable.from([whole]), reader)).rejects.toThrow(new TypeError('a bug'));
});
