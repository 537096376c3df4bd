import { createRequire } from 'node:module';

/** All packages have the same version. Of this one, from source as well as from the bundle. */
export function twiteVersion(): string {
  const { version } = createRequire(import.meta.url)('@twite/process/package.json') as { version: string };
  return version;
}
