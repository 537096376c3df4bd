import { defaultMediaLimits } from '@twite/core/media/media-limits';
import type { ProcessedMedia } from '@twite/core/media/media-processor';
import { BufferSource, EncodedPacketSink, Input, MP4, WEBM } from 'mediabunny';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frameOf, makeVideo, secretTag } from './testing/make-video.ts';
import { bytesOf, openTestProcessor, type TestProcessor } from './testing/open-test-processor.ts';

let media: TestProcessor;
beforeAll(async () => {
  media = await openTestProcessor();
});
afterAll(async () => media[Symbol.asyncDispose]());

const outputOf = async (made: ProcessedMedia): Promise<Buffer> => bytesOf(made);

/** Every packet of a file's tracks. */
async function packetsOf(bytes: Buffer) {
  using input = new Input({ formats: [MP4, WEBM], source: new BufferSource(bytes) });
  const read = async (track: Parameters<typeof sinkOf>[0] | null) => {
    if (track === null) return [];
    const packets: { at: number; data: Buffer; type: string }[] = [];
    for await (const { timestamp, data, type } of sinkOf(track).packets())
      packets.push({ at: Math.round(timestamp * 1000), data: Buffer.from(data), type });
    return packets;
  };
  const sinkOf = (track: ConstructorParameters<typeof EncodedPacketSink>[0]) => new EncodedPacketSink(track);
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  return {
    video: await read(video),
    audio: await read(audio),
    rotation: await video?.getRotation(),
    trackCount: (await input.getTracks()).length,
    tags: JSON.stringify(await input.getMetadataTags()),
  };
}

/** The types of the top-level boxes. */
const topLevelBoxes = (bytes: Buffer): string[] => {
  const types: string[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32BE(at))
    types.push(bytes.toString('latin1', at + 4, at + 8));
  return types;
};

describe.each(['mp4', 'webm'] as const)('%s', (format) => {
  test('is inspected for size and length, ignoring name and declared type', async () => {
    const bytes = await makeVideo({ format, seconds: 3, width: 640, height: 360 });
    const inspected = await media.inspect(bytes);
    expect(inspected).toMatchObject({ kind: 'video', width: 640, height: 360, frames: 0 });
    expect(Math.abs((inspected.durationMs ?? 0) - 3_000)).toBeLessThan(30);
  });

  test('is copied packet by packet, without metadata', async () => {
    const bytes = await makeVideo({ format, seconds: 2 });
    expect(bytes.includes(secretTag)).toBe(true);
    const made = await media.process(bytes);
    expect(made).toMatchObject({ width: 320, height: 240, thumbhash: '' });
    expect(made.variants.size).toBe(0);
    expect(made.main.mimeType).toBe(`video/${format}`);
    const out = await outputOf(made);
    expect(out).toHaveLength(made.main.bytes);
    expect(out.includes(secretTag)).toBe(false);
    const [before, after] = [await packetsOf(bytes), await packetsOf(out)];
    expect(after.video).toHaveLength(50);
    expect(after.video).toEqual(before.video);
    expect(after.video[30]).toMatchObject({
      type: 'key',
      data: frameOf(format === 'mp4' ? 'avc' : 'vp8', 30, 200),
    });
    expect(after.audio).toEqual(before.audio);
    expect(after.audio.length).toBeGreaterThan(80);
    expect(after.tags).not.toContain(secretTag);
  });

  test('may have no sound', async () => {
    const made = await media.process(await makeVideo({ format, audio: null }));
    expect(await packetsOf(await outputOf(made))).toMatchObject({ trackCount: 1, audio: [] });
  });

  test('begins at 0, and its length excludes the time before', async () => {
    const bytes = await makeVideo({ format, startSeconds: 300 });
    expect((await media.inspect(bytes)).durationMs).toBeLessThan(2_050);
    const { video, audio } = await packetsOf(await outputOf(await media.process(bytes)));
    expect([video[0]?.at, audio[0]?.at]).toEqual([0, 0]);
  });

  test('too long, too large or too many bytes are refused', async () => {
    const limited = (limits: Partial<typeof defaultMediaLimits>) =>
      openTestProcessor({ limits: { ...defaultMediaLimits, ...limits } });
    const bytes = await makeVideo({ format });
    await using short = await limited({ videoSecondsMax: 1 });
    await expect(short.inspect(bytes)).rejects.toMatchObject({ code: 'media_dimensions' });
    await expect(
      short.processor.processVideo([bytes] as unknown as AsyncIterable<Uint8Array>),
    ).rejects.toMatchObject({ code: 'media_dimensions' });
    await using small = await limited({ pixelsMax: 320 * 240 - 1 });
    await expect(small.inspect(bytes)).rejects.toMatchObject({ code: 'media_dimensions' });
    await using light = await limited({ videoBytesMax: bytes.length - 1 });
    await expect(light.inspect(bytes)).rejects.toMatchObject({ code: 'media_too_large' });
  });
});

describe('MP4', () => {
  test('has its tables first', async () => {
    for (const tablesFirst of [false, true]) {
      const bytes = await makeVideo({ format: 'mp4', tablesFirst });
      const before = topLevelBoxes(bytes);
      expect(before.indexOf('moov') < before.indexOf('mdat')).toBe(tablesFirst);
      const after = topLevelBoxes(await outputOf(await media.process(bytes)));
      expect(after.indexOf('moov')).toBeGreaterThan(0);
      expect(after.indexOf('moov')).toBeLessThan(after.indexOf('mdat'));
    }
  });

  test('keeps its rotation, and has its displayed size', async () => {
    const bytes = await makeVideo({ format: 'mp4', rotation: 90 });
    expect(await media.inspect(bytes)).toMatchObject({ width: 240, height: 320 });
    const made = await media.process(bytes);
    expect(made).toMatchObject({ width: 240, height: 320 });
    expect((await packetsOf(await outputOf(made))).rotation).toBe(90);
  });

  test('with overlapping frames cannot produce a file above the upload limit', async () => {
    const bytes = await makeVideo({ format: 'mp4', tablesFirst: true, seconds: 4, audio: null });
    // All frames take the size of the first entry, and begin where they did before.
    const sizes = bytes.indexOf('stsz');
    expect(bytes.readUInt32BE(sizes + 12)).toBe(100);
    bytes.writeUInt32BE(10_000, sizes + 8);
    // Within a chunk of one second, they follow one another.
    const overlapping = Buffer.concat([bytes, Buffer.alloc(300_000)]);
    expect(overlapping.length).toBeLessThan(400_000);
    expect((await media.process(overlapping)).main.bytes).toBeGreaterThan(999_000);
    await using limited = await openTestProcessor({
      limits: { ...defaultMediaLimits, videoBytesMax: 500_000 },
    });
    await expect(limited.process(overlapping)).rejects.toMatchObject({ code: 'media_invalid' });
  });

  test('of 30 MB is copied within the memory of a process', async () => {
    const bytes = await makeVideo({ format: 'mp4', seconds: 6, framesPerSecond: 25, frameBytes: 200_000 });
    expect(bytes.length).toBeGreaterThan(29_000_000);
    const made = await media.process(bytes);
    expect(made.main.bytes).toBeGreaterThan(29_000_000);
  });
});

/** Names another codec where an MP4 names H.264. */
async function withCodec(name: string): Promise<Buffer> {
  const bytes = await makeVideo({ format: 'mp4' });
  const at = bytes.lastIndexOf('avc1', bytes.indexOf('avcC'));
  bytes.write(name, at, 'latin1');
  return bytes;
}

test.each([
  ['H.265', () => withCodec('hvc1')],
  ['ProRes', () => withCodec('apch')],
  ['MP3 sound', () => makeVideo({ format: 'mp4', audio: 'mp3' })],
  ['sound alone', () => makeVideo({ format: 'mp4', video: null })],
  ['VP8 in MP4', () => makeVideo({ format: 'mp4', video: 'vp8' })],
  ['Opus alone', () => makeVideo({ format: 'webm', video: null })],
])('%s is not supported', async (_name, make) => {
  await expect(media.inspect(await make())).rejects.toMatchObject({ code: 'unsupported_media', status: 415 });
});
