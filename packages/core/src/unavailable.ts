import { ContractError } from '@twite/contract';

/** A dependency of a server, by its name in `GET /v1/admin/status`. */
export type DependencyName =
  | 'sqlite'
  | 'mongodb'
  /** One of several MongoDB deployments, named after its databases: `mongodb-posts+replies`. */
  | `mongodb-${string}`
  | 'redis'
  | 'redis-limits'
  | 'rabbitmq'
  | 'elasticsearch'
  | 'neo4j'
  /** The blob store: S3, or the folder of media. */
  | 'objects';

/**
 * A dependency did not answer, or not in time. Whether it performed the request is unknown. Answered as `unavailable`
 * (503) if it has no substitute.
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

/** Whether a dependency is a source of truth, so that it has no substitute. */
export const isPrimary = (name: DependencyName): boolean => /^(sqlite|mongodb)/.test(name);

/** Returns a substitute while a dependency is unavailable. Rethrows all other errors, and those of `butFor`. */
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
