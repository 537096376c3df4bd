import fc from 'fast-check';
import { BSON } from 'mongodb';
import { expect, test } from 'vitest';
import { EngineOpenError } from '../engine-open-error.ts';
import { packDocuments, unpackDocuments } from './packing.ts';

async function* inBatches(documents: readonly Uint8Array[], size: number) {
  for (let start = 0; start < documents.length; start += size) yield documents.slice(start, start + size);
}

const hex = (documents: readonly Uint8Array[]) =>
  documents.map((bytes) => Buffer.from(bytes).toString('hex'));

test('documents are packed and unpacked, in order', async () => {
  const documents = fc.array(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.double())));
  await fc.assert(
    fc.asyncProperty(documents, fc.integer({ min: 1, max: 5 }), async (given, size) => {
      const bytes = given.map((document) => BSON.serialize(document));
      const found: Uint8Array[] = [];
      for await (const file of packDocuments('a', inBatches(bytes, size))) {
        const unpacked = await unpackDocuments(file.name, file.chunks);
        expect(unpacked.length).toBe(file.rows);
        found.push(...unpacked);
      }
      expect(hex(found)).toEqual(hex(bytes));
    }),
    { numRuns: 1_000 },
  );
});

test('many documents are packed into several files, and no documents into one', async () => {
  const large = BSON.serialize({ text: 'x'.repeat(3 * 1024 * 1024) });
  const rows: [string, number][] = [];
  for await (const { name, rows: count } of packDocuments('a', inBatches([large, large, large], 2)))
    rows.push([name, count]);
  expect(rows).toEqual([
    ['a/00000001.bson', 2],
    ['a/00000002.bson', 1],
  ]);
  const none: number[] = [];
  for await (const file of packDocuments('a', inBatches([], 1))) none.push(file.rows, file.size);
  expect(none).toEqual([0, 0]);
});

test('invalid bytes are refused, unless they happen to be documents', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      try {
        const documents = await unpackDocuments('a/1', [bytes]);
        expect(Buffer.concat(documents).equals(Buffer.from(bytes))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(EngineOpenError);
      }
    }),
    { numRuns: 1_000 },
  );
});
