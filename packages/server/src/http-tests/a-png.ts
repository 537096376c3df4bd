import { frameRows } from '../demo/pictures/encode-png.ts';

/** A PNG of one colour, as red, green and blue from 0 to 255. */
export function aPng(
  width: number,
  height: number,
  colour: readonly [number, number, number] = [200, 60, 20],
): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(colour))]);
  return frameRows(width, height, Buffer.concat(Array.from({ length: height }, () => row)));
}

/** A form with one file, as `uploadMedia` accepts it. */
export function aForm(
  file: Uint8Array,
  fields: Readonly<Record<string, string>> = {},
  name = 'a.png',
): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', new Blob([new Uint8Array(file)]), name);
  return form;
}
