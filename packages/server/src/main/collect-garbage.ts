import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Frees the memory of a large and rare operation: V8 would keep it until there is memory pressure. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as (options: { type: 'major'; flavor: 'last-resort' }) => void)({
    type: 'major',
    flavor: 'last-resort',
  });
  setFlagsFromString('--no-expose-gc');
}
