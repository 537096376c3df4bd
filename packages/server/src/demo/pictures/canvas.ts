import { encodePng } from './encode-png.ts';

/** Each from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Hue in turns; saturation and lightness from 0 to 1. */
export function hsl(hue: number, saturation: number, lightness: number): Colour {
  const spread = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const k = (offset + (((hue % 1) + 1) % 1) * 12) % 12;
    return lightness - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

export const mix = (from: Colour, to: Colour, share: number): Colour => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
  from[2] + (to[2] - from[2]) * share,
];

/** The share of a pixel inside an edge `distance` pixels away: positive is inside. */
export const coverage = (distance: number): number =>
  distance <= -0.5 ? 0 : distance >= 0.5 ? 1 : distance + 0.5;

/** The length of a vector. */
export const distanceOf = (x: number, y: number): number => Math.sqrt(x * x + y * y);

/** A reusable pixel: one object for a whole picture, since there are many pixels. */
export class Pixel {
  red = 0;
  green = 0;
  blue = 0;

  /** Paints over the current colour; `share` from 0 (none of it) to 1 (nothing else). */
  cover(colour: Colour, share: number): void {
    if (share <= 0) return;
    this.red += (colour[0] - this.red) * share;
    this.green += (colour[1] - this.green) * share;
    this.blue += (colour[2] - this.blue) * share;
  }
}

/** A PNG in which `draw` paints every pixel. */
export function paint(
  width: number,
  height: number,
  draw: (pixel: Pixel, x: number, y: number) => void,
): Buffer {
  // The array type clamps and rounds.
  const rgb = new Uint8ClampedArray(width * height * 3);
  const pixel = new Pixel();
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      draw(pixel, x, y);
      rgb[at++] = pixel.red * 255;
      rgb[at++] = pixel.green * 255;
      rgb[at++] = pixel.blue * 255;
    }
  }
  return encodePng(width, height, rgb);
}
