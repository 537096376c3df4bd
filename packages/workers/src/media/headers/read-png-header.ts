import { type HeaderReader, MalformedHeader } from './header-reader.ts';
import { type ImageHeader, stillImage } from './image-header.ts';

/** An animated PNG counts as its still image: only that is decoded. */
export async function readPngHeader(reader: HeaderReader): Promise<ImageHeader> {
  const header = await reader.read(8, 21);
  if (header.readUInt32BE(0) !== 13 || header.toString('latin1', 4, 8) !== 'IHDR')
    throw new MalformedHeader('a PNG does not begin with its header');
  return stillImage(header.readUInt32BE(8), header.readUInt32BE(12));
}
