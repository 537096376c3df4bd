import { createRequire } from 'node:module';

/** All packages have the same version. Reads this package's, both from the source and from the bundle. */
export function twiteVersion(): string {
  const { version } = createRequire(import.meta.url)('@twite/process/package.json') as { version: string };
  return version;
}
