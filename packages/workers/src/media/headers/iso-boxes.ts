import { MalformedHeader } from './header-reader.ts';

const boxesMax = 1_000;

export interface IsoBox {
  readonly type: string;
  readonly content: Buffer;
}

/** The top-level boxes of an ISO base media file in these bytes, without nested ones. */
export function isoBoxesIn(bytes: Buffer): readonly IsoBox[] {
  const boxes: IsoBox[] = [];
  let position = 0;
  while (position + 8 <= bytes.length) {
    const size = bytes.readUInt32BE(position);
    if (size < 8 || position + size > bytes.length) throw new MalformedHeader('a box exceeds its parent');
    const type = bytes.toString('latin1', position + 4, position + 8);
    boxes.push({ type, content: bytes.subarray(position + 8, position + size) });
    if (boxes.length > boxesMax) throw new MalformedHeader('too many boxes');
    position += size;
  }
  return boxes;
}

export const isoBox = (boxes: readonly IsoBox[], type: string): Buffer => {
  const content = boxes.find((box) => box.type === type)?.content;
  if (content === undefined) throw new MalformedHeader(`no ${type} box`);
  return content;
};

/** Major and compatible brands of a file that begins with an `ftyp` box; undefined for any other file. */
export function isoBrands(start: Buffer): readonly string[] | undefined {
  if (start.length < 16 || start.toString('latin1', 4, 8) !== 'ftyp') return undefined;
  const end = Math.min(start.readUInt32BE(0), start.length);
  const brands = [start.toString('latin1', 8, 12)];
  for (let position = 16; position + 4 <= end; position += 4)
    brands.push(start.toString('latin1', position, position + 4));
  return brands;
}
