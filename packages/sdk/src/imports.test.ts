import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?\bfrom\s+'([^']+)'|import\s*\(\s*'([^']+)'\s*\)|(?:^|\n)\s*import\s+'([^']+)'/g;

/** Every module reachable from the entry, including types: others are not in the package's bundle. */
async function reachable(entry: string): Promise<{ files: string[]; outside: string[] }> {
  const files = new Set<string>([entry]);
  const outside = new Set<string>();
  for (const file of files) {
    const source = await readFile(file, 'utf8');
    for (const [, ...names] of source.matchAll(importPattern)) {
      const name = names.find((found) => found !== undefined) as string;
      if (name.startsWith('.')) files.add(join(dirname(file), name));
      else outside.add(name);
    }
  }
  return {
    files: [...files].map((file) => relative(import.meta.dirname, file)).sort(),
    outside: [...outside],
  };
}

describe('the package', () => {
  it('imports nothing external, not even types: no zod, no ts-rest, no Node', async () => {
    const { files, outside } = await reachable(join(import.meta.dirname, 'index.ts'));
    expect(outside).toEqual([]);
    expect(files.every((file) => !file.startsWith('..') && !file.startsWith('testing'))).toBe(true);
    expect(files).toContain('generated/operations.ts');
    expect(files).toContain('transport.ts');
    expect(files.length).toBeGreaterThan(12);
  });

  it('uses no Node-only globals', async () => {
    const { files } = await reachable(join(import.meta.dirname, 'index.ts'));
    for (const file of files) {
      const source = await readFile(join(import.meta.dirname, file), 'utf8');
      const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      expect(code, file).not.toMatch(/\b(?:process|Buffer|global|setImmediate|require|__dirname)\b\s*[.(]/);
    }
  });

  it('has no run-time dependencies', async () => {
    const manifest = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8'));
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(manifest.peerDependencies ?? {}).toEqual({});
  });
});
