import { isoBrands } from './headers/iso-boxes.ts';

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif';
export type VideoFormat = 'mp4' | 'webm';
export type MediaFormat = ImageFormat | VideoFormat;

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const ebmlSignature = Buffer.from([0x1a, 0x45, 0xdf, 0xa3]);

const mp4Brands: ReadonlySet<string> = new Set([
  'isom',
  'iso2',
  'iso3',
  'iso4',
  'iso5',
  'iso6',
  'iso7',
  'iso8',
  'iso9',
  'mp41',
  'mp42',
  'avc1',
  'M4V ',
  'MSNV',
  'dash',
  'f4v ',
]);

/** Other images in the same container hold other codecs, as HEIC does. */
const isAvif = (brands: readonly string[]): boolean => brands.includes('avif') || brands.includes('avis');

function isoFormat(start: Buffer): MediaFormat | undefined {
  const brands = isoBrands(start);
  if (brands === undefined) return undefined;
  if (isAvif(brands)) return 'avif';
  return brands.some((brand) => mp4Brands.has(brand)) ? 'mp4' : undefined;
}

/** The number of bytes of a file that `detectFormat` examines. */
export const formatBytes = 256;

/** Detects the format by the first bytes. Undefined for anything that is not accepted. */
export function detectFormat(start: Buffer): MediaFormat | undefined {
  if (start.length >= 3 && start.readUIntBE(0, 3) === 0xffd8ff) return 'jpeg';
  if (start.subarray(0, 8).equals(pngSignature)) return 'png';
  const text = start.toString('latin1', 0, 12);
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif';
  if (text.startsWith('RIFF') && text.slice(8) === 'WEBP') return 'webp';
  if (start.subarray(0, 4).equals(ebmlSignature))
    return start.includes('webm', 4, 'latin1') ? 'webm' : undefined;
  return isoFormat(start);
}
