import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { manifestsWithEntries } from './package-entries.ts';

const root = join(import.meta.dirname, '..');
const readText = (path: string): string => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
};

const check = process.argv.includes('--check');
let stale = 0;
function write(files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    if (readText(path) === text) continue;
    stale++;
    if (check) {
      console.error(`${path} is stale: run \`npm run generate\``);
    } else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      console.log(`wrote ${path}`);
    }
  }
}

// The entries come first: without them, packages that import new modules do not load.
write(manifestsWithEntries(root));
if (!check || stale === 0) {
  const { generatedFiles } = await import('./generated-files.ts');
  write(await generatedFiles(readText));
}
if (check && stale > 0) process.exit(1);
if (stale === 0) console.log('generated files are fresh');
