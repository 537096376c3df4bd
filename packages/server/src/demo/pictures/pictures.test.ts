import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { displayNames } from '../characters.ts';
import { hsl, paint } from './canvas.ts';
import { drawAvatar } from './draw-avatar.ts';
import { drawLandscape, landscapeSize, landscapes } from './draw-landscape.ts';

/** Size and pixels of a PNG without filters, after checking its checksums. */
function decode(png: Buffer): { width: number; height: number; rgb: Buffer } {
  expect(png.toString('latin1', 0, 8)).toBe('\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const typed = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(typed));
    chunks.set(typed.toString('latin1', 0, 4), typed.subarray(4));
    at += length + 12;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  const width = chunks.get('IHDR')?.readUInt32BE(0) ?? 0;
  const height = chunks.get('IHDR')?.readUInt32BE(4) ?? 0;
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  expect(rows.length).toBe((width * 3 + 1) * height);
  const rgb = Buffer.concat(
    Array.from({ length: height }, (_, y) =>
      rows.subarray(y * (width * 3 + 1) + 1, (y + 1) * (width * 3 + 1)),
    ),
  );
  return { width, height, rgb };
}

test('a PNG decoder sees the painted pixels', () => {
  const png = paint(3, 2, (pixel, x, y) => {
    pixel.cover([0, 0, 0], 1);
    if (x === 1) pixel.cover([1, 0, 0], 1);
    if (y === 1) pixel.cover([0, 1, 1], 0.5);
  });
  expect(decode(png)).toEqual({
    width: 3,
    height: 2,
    rgb: Buffer.from([0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 128, 128, 128, 128, 128, 0, 128, 128]),
  });
});

test('hues go round from red over green and blue', () => {
  const rounded = (hue: number) => hsl(hue, 1, 0.5).map((channel) => Math.round(channel * 100) / 100);
  expect([0, 1 / 3, 2 / 3, 1, -1 / 3].map(rounded)).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
    [0, 0, 1],
  ]);
});

test('every character has its own, deterministic avatar', () => {
  const avatars = Object.keys(displayNames).map((handle, index) => drawAvatar(handle, index));
  expect(new Set(avatars.map((png) => png.toString('base64'))).size).toBe(77);
  const [first] = avatars;
  expect(drawAvatar(Object.keys(displayNames)[0] ?? '', 0)).toEqual(first);
  const { width, height } = decode(first ?? Buffer.alloc(0));
  expect(width).toBe(height);
});

test('landscapes are deterministic, with the sky above dark hills', () => {
  for (const [name, landscape] of Object.entries(landscapes)) {
    const png = drawLandscape(landscape);
    expect(drawLandscape(landscape)).toEqual(png);
    const { width, height, rgb } = decode(png);
    expect({ width, height }).toEqual(landscapeSize);
    const lightness = (y: number): number =>
      rgb.subarray(y * width * 3, (y + 1) * width * 3).reduce((sum, value) => sum + value, 0);
    expect(lightness(Math.floor(height * 0.4)), name).toBeGreaterThan(lightness(height - 1));
  }
});
