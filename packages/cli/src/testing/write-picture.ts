import { writeFile } from 'node:fs/promises';

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Writes a one-pixel PNG, whatever the name says, and returns the path. */
export async function writePicture(path: string): Promise<string> {
  await writeFile(path, Buffer.from(png, 'base64'));
  return path;
}
