import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * The module that a thread runs, by the package's own name, so that its location in a bundle does not matter. Not
 * import.meta.resolve, which test runners that transform modules do not have.
 */
export const threadFile = (role: 'writer' | 'reader'): URL =>
  pathToFileURL(createRequire(import.meta.url).resolve(`@twite/engine-embedded/${role}-thread`));
