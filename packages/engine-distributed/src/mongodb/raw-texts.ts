import { BSON } from 'mongodb';

const TEXT = 0x02;
const HEAD_BYTES = 4;

/**
 * Reads short ASCII texts, such as ids, from a document that was queried with `raw`, in the order of the names. The
 * document should have few fields. When thousands of edges are walked, the driver's own decoding costs more than
 * everything else.
 */
export function rawTexts<N extends string>(document: Uint8Array, names: readonly N[]): string[] {
  const bytes = Buffer.from(document.buffer, document.byteOffset, document.byteLength);
  const values: string[] = new Array(names.length);
  let found = 0;
  for (let at = HEAD_BYTES; bytes[at] !== 0; ) {
    if (bytes[at] !== TEXT) return decoded(document, names);
    const nameFrom = at + 1;
    const nameTo = bytes.indexOf(0, nameFrom);
    const textFrom = nameTo + 1 + 4;
    const textTo = nameTo + bytes.readInt32LE(nameTo + 1) + 4;
    const index = names.indexOf(bytes.toString('latin1', nameFrom, nameTo) as N);
    if (index >= 0) {
      values[index] = bytes.toString('latin1', textFrom, textTo);
      found += 1;
    }
    at = textTo + 1;
  }
  return found === names.length ? values : decoded(document, names);
}

function decoded(document: Uint8Array, names: readonly string[]): string[] {
  const fields = BSON.deserialize(document);
  return names.map((name) => String(fields[name]));
}
