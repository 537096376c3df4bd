import { loadDistributedEngine } from '@twite/workers';
import { explainingErrors } from './operator-engine.ts';

type DistributedPackage = typeof import('@twite/engine-distributed');

/** Calls the package of the distributed engine, when it is installed. What the operator can mend is an `OperatorError`. */
export const withDistributedEngine = <T>(call: (engine: DistributedPackage) => Promise<T>): Promise<T> =>
  explainingErrors(async () => call(await loadDistributedEngine()));
