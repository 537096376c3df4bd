import { createRequire } from 'node:module';

/** Of the package, from source as well as from the bundle. */
export function serverVersion(): string {
  const { version } = createRequire(import.meta.url)('@twite/server/package.json') as { version: string };
  return version;
}
