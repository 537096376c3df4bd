import { coverage, distanceOf, hsl, paint } from './canvas.ts';
import { randomFrom } from './random.ts';

const size = 128;

/** Hues that are far apart even for neighbours: steps of the golden ratio. */
const goldenTurn = 0.618034;

/** A square of overlapping circles, determined by the handle and its index. */
export function drawAvatar(handle: string, index: number): Buffer {
  const random = randomFrom(handle);
  const hue = index * goldenTurn;
  const background = hsl(hue, 0.45, 0.82);
  const circles = [0.12, 0.45, 0.58].map((turn, order) => ({
    x: size * (0.15 + 0.7 * random()),
    y: size * (0.15 + 0.7 * random()),
    radius: size * (0.42 - 0.1 * order + 0.08 * random()),
    colour: hsl(hue + turn, 0.55, 0.62 - 0.1 * order),
  }));
  const ring = {
    x: size * (0.3 + 0.4 * random()),
    y: size * (0.3 + 0.4 * random()),
    radius: size * (0.16 + 0.06 * random()),
    width: size * 0.035,
    colour: hsl(hue, 0.3, 0.97),
  };
  return paint(size, size, (pixel, x, y) => {
    pixel.cover(background, 1);
    for (const { colour, radius, x: centreX, y: centreY } of circles) {
      pixel.cover(colour, coverage(radius - distanceOf(x - centreX, y - centreY)) * 0.85);
    }
    const fromRing = Math.abs(distanceOf(x - ring.x, y - ring.y) - ring.radius);
    pixel.cover(ring.colour, coverage(ring.width / 2 - fromRing));
  });
}
