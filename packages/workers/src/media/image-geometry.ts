import type { Focus } from '@twite/core/media/media-record';

/** The maximum side of a WebP image. */
const sideMax = 16_383;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** The largest size of the same proportions within this width, without enlarging. */
export function fitWidth({ width, height }: Size, widthMax: number): Size {
  const scale = Math.min(1, widthMax / width, sideMax / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The largest square within an image whose centre is as near to the focus as the edges allow. */
export function squareAround({ width, height }: Size, focus: Focus): Square {
  const side = Math.min(width, height);
  const place = (length: number, at: number): number =>
    Math.max(0, Math.min(length - side, Math.round(((at + 1) / 2) * length - side / 2)));
  return { left: place(width, focus.x), top: place(height, -focus.y), side };
}
