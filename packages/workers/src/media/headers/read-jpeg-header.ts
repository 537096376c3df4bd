import { type HeaderReader, MalformedHeader } from './header-reader.ts';
import { type ImageHeader, stillImage } from './image-header.ts';

const segmentsMax = 2_000;

/** Start-of-frame markers, each with the size; C4, C8 and CC are other markers. */
const isStartOfFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

const hasNoLength = (marker: number): boolean =>
  marker === 0x01 || marker === 0xd8 || (marker >= 0xd0 && marker <= 0xd7);

export async function readJpegHeader(reader: HeaderReader): Promise<ImageHeader> {
  let position = 2;
  for (let count = 0; count < segmentsMax; count++) {
    const [prefix = 0, marker = 0] = await reader.read(position, 2);
    if (prefix !== 0xff) throw new MalformedHeader('a JPEG segment does not begin with its marker');
    if (marker === 0xff) {
      position += 1;
      continue;
    }
    position += 2;
    if (hasNoLength(marker)) continue;
    if (marker === 0xda || marker === 0xd9) break;
    const length = (await reader.read(position, 2)).readUInt16BE();
    if (length < 2) throw new MalformedHeader('a JPEG segment has no length');
    if (isStartOfFrame(marker)) {
      const frame = await reader.read(position, 8);
      return stillImage(frame.readUInt16BE(5), frame.readUInt16BE(3));
    }
    position += length;
  }
  throw new MalformedHeader('a JPEG has no start of frame');
}
