import type { DependencyName } from '../unavailable.ts';

/** `failed`: the dependency answered with an error. `unavailable`: it is away, or its answer came too late. */
export type CallOutcome = 'answered' | 'failed' | 'unavailable';

/**
 * Told what an engine does while it does it, for metrics. Methods must not throw, and be cheap: requests wait for them.
 * Queues have the names that `WorkQueues` lists.
 */
export interface EngineObserver {
  /** A consumer got a message, so many seconds after what it tells of happened, or after a job was due. */
  delivered(queue: string, seconds: number): void;
  /** A handler was done with so many messages. */
  handled(queue: string, seconds: number, messages: number): void;
  /** A message failed and will be tried again. */
  retried(queue: string): void;
  parked(queue: string): void;
  /** A message was given to the broker, which confirmed it. Events and barriers come from the relay. */
  published(kind: 'event' | 'barrier' | 'job' | 'replay'): void;
  /** A dependency was asked. */
  called(dependency: DependencyName, outcome: CallOutcome, seconds: number): void;
  /** A dependency was not asked, because its circuit breaker is open. */
  notCalled(dependency: DependencyName): void;
}

export const observeNothing: EngineObserver = {
  delivered() {},
  handled() {},
  retried() {},
  parked() {},
  published() {},
  called() {},
  notCalled() {},
};
