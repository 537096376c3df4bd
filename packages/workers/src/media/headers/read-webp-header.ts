import { type HeaderReader, MalformedHeader } from './header-reader.ts';
import { type ImageHeader, stillImage } from './image-header.ts';

const animationFlag = 0x02;

/** Counts the frames of an animation by walking its chunks. */
async function countFrames(reader: HeaderReader, framesMax: number): Promise<number> {
  let frames = 0;
  let position = 12;
  // Every frame may come with some chunks of other kinds.
  for (let count = 0; position + 8 <= reader.size; count++) {
    if (count > 4 * framesMax + 100) throw new MalformedHeader('a WebP has too many chunks');
    const chunk = await reader.read(position, 8);
    if (chunk.toString('latin1', 0, 4) === 'ANMF') frames += 1;
    if (frames > framesMax) return frames;
    const length = chunk.readUInt32LE(4);
    position += 8 + length + (length % 2);
  }
  return frames;
}

export async function readWebpHeader(reader: HeaderReader, framesMax: number): Promise<ImageHeader> {
  const header = await reader.read(12, 18);
  switch (header.toString('latin1', 0, 4)) {
    case 'VP8 ':
      if (header.readUIntBE(11, 3) !== 0x9d012a) throw new MalformedHeader('a WebP has no key frame');
      return stillImage(header.readUInt16LE(14) & 0x3fff, header.readUInt16LE(16) & 0x3fff);
    case 'VP8L': {
      if (header[8] !== 0x2f) throw new MalformedHeader('a WebP lacks its signature');
      const bits = header.readUInt32LE(9);
      return stillImage((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X': {
      const canvas = stillImage(header.readUIntLE(12, 3) + 1, header.readUIntLE(15, 3) + 1);
      if (((header[8] ?? 0) & animationFlag) === 0) return canvas;
      return { ...canvas, frames: await countFrames(reader, framesMax) };
    }
    default:
      throw new MalformedHeader('a WebP begins with an unknown chunk');
  }
}
