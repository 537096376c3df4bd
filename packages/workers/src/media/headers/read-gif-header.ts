import { type HeaderReader, MalformedHeader } from './header-reader.ts';
import type { ImageHeader } from './image-header.ts';

const extension = 0x21;
const imageDescriptor = 0x2c;
const trailer = 0x3b;

const colourTableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));

/** The position after a chain of sub-blocks; the end of the file ends it too. */
async function skipSubBlocks(reader: HeaderReader, position: number): Promise<number> {
  while (position < reader.size) {
    // Many at a time: reading them one by one would take seconds for a file of one-byte blocks.
    const bytes = await reader.read(position, Math.min(32_768, reader.size - position));
    let offset = 0;
    while (offset < bytes.length) {
      const length = bytes[offset] ?? 0;
      offset += 1 + length;
      if (length === 0) return position + offset;
    }
    position += offset;
  }
  return reader.size;
}

/** Counts the frames, each of which may be larger than the screen that the header declares. */
export async function readGifHeader(reader: HeaderReader, framesMax: number): Promise<ImageHeader> {
  const screen = await reader.read(6, 7);
  const width = screen.readUInt16LE(0);
  const height = screen.readUInt16LE(2);
  let largestPixels = width * height;
  let frames = 0;
  let position = 13 + colourTableBytes(screen[4] ?? 0);
  // A frame has one or two extensions before it; comments are rare.
  for (let count = 0; position < reader.size; count++) {
    if (count > 8 * framesMax + 100) throw new MalformedHeader('a GIF has too many blocks');
    const [introducer = 0] = await reader.read(position, 1);
    if (introducer === trailer) break;
    if (introducer === extension) {
      position = await skipSubBlocks(reader, position + 2);
      continue;
    }
    if (introducer !== imageDescriptor) {
      if (frames > 0) break;
      throw new MalformedHeader('a GIF has an unknown block');
    }
    const image = await reader.read(position, 10);
    const right = image.readUInt16LE(1) + image.readUInt16LE(5);
    const bottom = image.readUInt16LE(3) + image.readUInt16LE(7);
    largestPixels = Math.max(largestPixels, Math.max(width, right) * Math.max(height, bottom));
    frames += 1;
    if (frames > framesMax) break;
    position = await skipSubBlocks(reader, position + 11 + colourTableBytes(image[9] ?? 0));
  }
  return { width, height, frames, largestPixels };
}
