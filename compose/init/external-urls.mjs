import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stores } from './consumers.mjs';

/** The URLs of the operator's own stores, by store: overrides of compose/external mount a file for each. */
export function externalUrls(folder) {
  const files = Object.keys(stores).map((store) => [store, join(folder, `${store}-url`)]);
  const given = files.filter(([, file]) => existsSync(file));
  return Object.fromEntries(given.map(([store, file]) => [store, readFileSync(file, 'utf8').trim()]));
}
