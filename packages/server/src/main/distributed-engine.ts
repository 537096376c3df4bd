import { loadDistributedEngine } from '@twite/workers';
import { explainingErrors } from './operator-engine.ts';

type DistributedPackage = typeof import('@twite/engine-distributed');

/**
 * Calls the package of the distributed engine, if it is installed. Errors that the operator can fix are
 * `OperatorError`s.
 */
export const withDistributedEngine = <T>(call: (engine: DistributedPackage) => Promise<T>): Promise<T> =>
  explainingErrors(async () => call(await loadDistributedEngine()));
