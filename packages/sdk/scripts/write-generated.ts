import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generateSdk } from './generate.ts';

const packageFolder = join(import.meta.dirname, '..');

const files = await generateSdk();
// What is no longer generated must not stay behind.
await rm(join(packageFolder, 'src/generated'), { recursive: true, force: true });
for (const [path, content] of files) {
  const file = join(packageFolder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
console.log(`${files.size} files written to packages/sdk/src/generated.`);
