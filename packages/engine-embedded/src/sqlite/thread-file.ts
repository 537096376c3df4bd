import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/**
 * The module that a thread runs, by the package's own name, so that its location in a bundle does not matter. Not
 * import.meta.resolve, which test runners that transform modules do not have.
 */
export const threadFile = (role: 'writer' | 'reader'): URL =>
  pathToFileURL(createRequire(import.meta.url).resolve(`@twite/engine-embedded/${role}-thread`));

export const startThread = (file: URL, workerData: unknown): Worker =>
  // Its garbage is small and short-lived: a small nursery keeps the process small under load.
  new Worker(file, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 8 } });
