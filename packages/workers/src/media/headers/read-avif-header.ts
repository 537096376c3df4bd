import { type HeaderReader, MalformedHeader } from './header-reader.ts';
import type { ImageHeader } from './image-header.ts';
import { isoBox, isoBoxesIn } from './iso-boxes.ts';

const topLevelMax = 20;

interface Size {
  readonly width: number;
  readonly height: number;
}

async function readMeta(reader: HeaderReader): Promise<Buffer> {
  let position = 0;
  for (let count = 0; count < topLevelMax; count++) {
    const box = await reader.read(position, 8);
    const size = box.readUInt32BE(0);
    if (size < 8) break;
    // Version and flags come first.
    if (box.toString('latin1', 4, 8) === 'meta') return reader.read(position + 12, size - 12);
    position += size;
  }
  throw new MalformedHeader('an AVIF has no meta box');
}

/** The property indexes (from 1) of the item that is the image. */
function propertiesOf(itemId: number, associations: Buffer): readonly number[] {
  const hasLongIds = (associations[0] ?? 0) > 0;
  const hasLongIndexes = ((associations[3] ?? 0) & 1) === 1;
  const entries = associations.readUInt32BE(4);
  let position = 8;
  for (let entry = 0; entry < entries && entry < 10_000; entry++) {
    const id = hasLongIds ? associations.readUInt32BE(position) : associations.readUInt16BE(position);
    position += hasLongIds ? 4 : 2;
    const count = associations.readUInt8(position);
    position += 1;
    const width = hasLongIndexes ? 2 : 1;
    if (id === itemId) {
      return Array.from({ length: count }, (_, index) => {
        const at = position + index * width;
        return hasLongIndexes ? associations.readUInt16BE(at) & 0x7fff : associations.readUInt8(at) & 0x7f;
      });
    }
    position += count * width;
  }
  return [];
}

export async function readAvifHeader(reader: HeaderReader): Promise<ImageHeader> {
  const meta = isoBoxesIn(await readMeta(reader));
  const primary = isoBox(meta, 'pitm');
  const itemId = (primary[0] ?? 0) > 0 ? primary.readUInt32BE(4) : primary.readUInt16BE(4);
  const properties = isoBoxesIn(isoBox(meta, 'iprp'));
  const sizes = isoBoxesIn(isoBox(properties, 'ipco')).map(({ type, content }): Size | undefined =>
    type === 'ispe' ? { width: content.readUInt32BE(4), height: content.readUInt32BE(8) } : undefined,
  );
  const own = propertiesOf(itemId, isoBox(properties, 'ipma'));
  const size = own.map((index) => sizes[index - 1]).find((found) => found !== undefined);
  if (size === undefined) throw new MalformedHeader('an AVIF does not tell its size');
  const largestPixels = Math.max(...sizes.map((each) => (each ? each.width * each.height : 0)));
  return { ...size, frames: 1, largestPixels };
}
