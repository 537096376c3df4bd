import { ContractError } from '@twite/contract';

/** What a server depends on, by the names that `GET /v1/admin/status` tells. */
export type DependencyName =
  | 'sqlite'
  | 'mongodb'
  | 'redis'
  | 'redis-limits'
  | 'rabbitmq'
  | 'elasticsearch'
  | 'neo4j';

/**
 * A dependency does not answer, or not in time: whether what was asked of it happened is unknown. Answered as
 * `unavailable` (503) where nothing can stand in for it.
 */
export class Unavailable extends ContractError {
  readonly dependency: DependencyName;

  constructor(dependency: DependencyName, cause?: unknown) {
    super('unavailable', {
      detail: `A part of the server is away (${dependency}). Try again in a moment; a write may have been done: repeat it with its Idempotency-Key.`,
      retryAfterSeconds: 5,
      cause,
    });
    this.dependency = dependency;
  }
}

/** What nothing can stand in for. */
export const primaries: readonly DependencyName[] = ['mongodb', 'sqlite'];

/** Answers with something else while a dependency is away, but for those named; every other error stays one. */
export async function unlessAway<T>(
  attempt: Promise<T>,
  otherwise: () => T | Promise<T>,
  butFor: readonly DependencyName[] = [],
): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (!(error instanceof Unavailable) || butFor.includes(error.dependency)) throw error;
    return otherwise();
  }
}
