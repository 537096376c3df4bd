import { hasServices } from '@twite/engine-distributed/testing';
import { fanOutRatio } from './distributed/fan-out.ts';
import { homeReadRatio } from './distributed/home.ts';
import { hint } from './distributed/instance.ts';
import { networkMeasures } from './distributed/network.ts';
import type { Measures } from './embedded.ts';
import type { Effort } from './figures.ts';

/** Ends the process, with what to do, when the services are not named. */
export function distributedMeasures(effort: Effort): Measures {
  if (!hasServices) {
    console.error(hint);
    process.exit(1);
  }
  return {
    home: () => homeReadRatio(effort),
    fanout: () => fanOutRatio(effort),
    network: () => networkMeasures(effort),
  };
}
