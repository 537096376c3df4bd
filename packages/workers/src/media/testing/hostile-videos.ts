import { either, type Files, find, refused, text } from './hostile-file.ts';

const box = (type: string, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(body.length + 8);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
};

const fileType = box('ftyp', text('isom\0\0\x02\0isomavc1mp41'));

function nested(types: readonly string[], depth: number): Buffer {
  // From the outside in, so that each level does not copy all levels within it.
  const headers: Buffer[] = [];
  for (let level = 0; level < depth; level++) {
    const header = Buffer.alloc(8);
    header.writeUInt32BE((depth - level) * 8);
    header.write(types[level % types.length] as string, 4, 'latin1');
    headers.push(header);
  }
  return Buffer.concat(headers);
}

/** Replaces one number in the content of a box whose type follows `needle`'s. */
function withNumber(bytes: Buffer, type: string, offset: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = find(copy, type); at >= 0; at = copy.indexOf(type, at + 4, 'latin1'))
    copy.writeUInt32BE(value, at + 4 + offset);
  return copy;
}

export function videoBoxes(valid: ReadonlyMap<string, Buffer>): Files {
  const mp4 = valid.get('fast-start.mp4') as Buffer;
  const max = 2 ** 32 - 1;
  const tables = ['stts', 'stsz', 'stsc', 'stco', 'stss', 'elst'];
  const counts = tables.flatMap((type) =>
    [max, 0x7fffffff, 0x00ffffff].map((count) =>
      either(`MP4 whose ${type} has ${count} entries`, withNumber(mp4, type, type === 'stsz' ? 8 : 4, count)),
    ),
  );
  const sizes = ['moov', 'trak', 'mdia', 'stbl', 'mdat', 'stsd', 'avc1', 'avcC'].flatMap((type) =>
    [0, 1, 7, 0x7fffffff, max].map((size) => {
      const copy = Buffer.from(mp4);
      // The last one: the first may be a brand.
      copy.writeUInt32BE(size, copy.lastIndexOf(type, copy.indexOf('mdat'), 'latin1') - 4);
      return either(`MP4 whose ${type} is ${size} bytes long`, copy);
    }),
  );
  return [
    ...counts,
    ...sizes,
    refused(
      'MP4 of 100,000 boxes within each other',
      Buffer.concat([fileType, nested(['moov', 'trak', 'mdia'], 100_000)]),
    ),
    refused(
      'MP4 of 1,000,000 boxes within each other',
      Buffer.concat([fileType, nested(['moov'], 1_000_000)]),
    ),
    refused(
      'MP4 of 500,000 empty boxes',
      Buffer.concat([fileType, Buffer.concat(Array(500_000).fill(box('free')))]),
    ),
    refused(
      'MP4 of 100,000 empty tracks',
      Buffer.concat([fileType, box('moov', ...Array(100_000).fill(box('trak')))]),
    ),
    refused('MP4 of its type alone', fileType),
    refused(
      'AVIF of 100,000 boxes within each other',
      Buffer.concat([box('ftyp', text('avif\0\0\0\0avifmif1')), nested(['meta', 'iprp', 'ipco'], 100_000)]),
    ),
    either('MP4 without frames', withNumber(mp4, 'stsz', 8, 0)),
    either('MP4 whose ticks are 0 a second', withNumber(mp4, 'mdhd', 12, 0)),
    either('MP4 whose frames lie behind its end', withNumber(mp4, 'stco', 8, max)),
    ...webmElements(valid.get('video.webm') as Buffer),
  ];
}

function webmElements(webm: Buffer): Files {
  const header = webm.subarray(0, webm.indexOf(Buffer.from('18538067', 'hex')));
  const unknown = Buffer.from('01ffffffffffffff', 'hex');
  const id = (hex: string) => Buffer.from(hex, 'hex');
  return [
    refused('WebM of its header alone', header),
    refused(
      'WebM with segments within each other',
      Buffer.concat([header, Buffer.concat(Array(100_000).fill(Buffer.concat([id('18538067'), unknown])))]),
    ),
    refused(
      'WebM with clusters of unknown length',
      Buffer.concat([
        header,
        id('18538067'),
        unknown,
        Buffer.concat(Array(50_000).fill(Buffer.concat([id('1f43b675'), unknown]))),
      ]),
    ),
    refused(
      'WebM with an element of 72 petabytes',
      Buffer.concat([
        header,
        id('18538067'),
        unknown,
        id('1654ae6b'),
        Buffer.from('01fffffffffffffe', 'hex'),
      ]),
    ),
    refused(
      'WebM with 1,000,000 empty elements',
      Buffer.concat([
        header,
        id('18538067'),
        unknown,
        Buffer.concat(Array(1_000_000).fill(Buffer.from('ec80', 'hex'))),
      ]),
    ),
  ];
}
