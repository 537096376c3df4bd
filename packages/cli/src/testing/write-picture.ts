import { writeFile } from 'node:fs/promises';

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** One pixel, as a PNG, whatever the name says; answers the path. */
export async function writePicture(path: string): Promise<string> {
  await writeFile(path, Buffer.from(png, 'base64'));
  return path;
}
