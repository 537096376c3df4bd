import { ContractError } from '@twite/contract';

/** What a server depends on, by the names that `GET /v1/admin/status` shows. */
export type DependencyName =
  | 'sqlite'
  | 'mongodb'
  /** One of several MongoDB deployments, by its databases: `mongodb-posts+replies`. */
  | `mongodb-${string}`
  | 'redis'
  | 'redis-limits'
  | 'rabbitmq'
  | 'elasticsearch'
  | 'neo4j'
  /** The blob store: S3, or the folder of media. */
  | 'objects';

/**
 * A dependency does not answer, or not in time: whether what was asked of it happened is unknown. Answered as
 * `unavailable` (503) where nothing can stand in for it.
 */
export class Unavailable extends ContractError {
  readonly dependency: DependencyName;

  constructor(dependency: DependencyName, cause?: unknown) {
    super('unavailable', {
      detail:
        'Part of the server is temporarily unavailable. Try again shortly. A write may have been applied: retry it with the same Idempotency-Key.',
      retryAfterSeconds: 5,
      cause,
    });
    this.dependency = dependency;
  }
}

/** Whether a dependency is a source of truth, so that nothing can stand in for it. */
export const isPrimary = (name: DependencyName): boolean => /^(sqlite|mongodb)/.test(name);

/** Answers with a substitute while a dependency is unavailable. All other errors, and those of `butFor`, are thrown. */
export async function unlessAway<T>(
  attempt: Promise<T>,
  otherwise: () => T | Promise<T>,
  butFor: (name: DependencyName) => boolean = () => false,
): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (!(error instanceof Unavailable) || butFor(error.dependency)) throw error;
    return otherwise();
  }
}
