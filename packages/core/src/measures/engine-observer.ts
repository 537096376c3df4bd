import type { DependencyName } from '../unavailable.ts';

/** `failed`: the dependency answered with an error. `unavailable`: it did not answer, or too late. */
export type CallOutcome = 'answered' | 'failed' | 'unavailable';

/**
 * Receives measurements of an engine, for metrics. Methods must be cheap and must not throw: requests wait for them.
 * Queue names are those that `WorkQueues` lists.
 */
export interface EngineObserver {
  /** A consumer received a message, `seconds` after its event happened or its job was due. */
  delivered(queue: string, seconds: number): void;
  /** A handler finished `messages` messages. */
  handled(queue: string, seconds: number, messages: number): void;
  /** A message failed and will be retried. */
  retried(queue: string): void;
  parked(queue: string): void;
  /** The broker confirmed a message. Events and barriers come from the relay. */
  published(kind: 'event' | 'barrier' | 'job' | 'replay'): void;
  /** A dependency was called. */
  called(dependency: DependencyName, outcome: CallOutcome, seconds: number): void;
  /** A call was refused because the circuit breaker is open. */
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
