import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Gives back the memory that something large and rare took: V8 would keep it until there is pressure. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as (options: { type: 'major'; flavor: 'last-resort' }) => void)({
    type: 'major',
    flavor: 'last-resort',
  });
  setFlagsFromString('--no-expose-gc');
}
