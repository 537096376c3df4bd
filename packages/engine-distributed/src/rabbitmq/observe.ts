/** Told of what passes through the queues, for metrics. Queues by their short names: a consumer's, or `jobs`. */
export interface Observe {
  /** A message came, so many seconds after what it tells of happened. */
  delivered(queue: string, seconds: number): void;
  /** A handler was done with so many messages. */
  handled(queue: string, milliseconds: number, messages: number): void;
  /** A message will be tried again. */
  retried(queue: string): void;
  parked(queue: string): void;
  published(kind: 'event' | 'job' | 'barrier' | 'replay'): void;
}

export const observeNothing: Observe = {
  delivered() {},
  handled() {},
  retried() {},
  parked() {},
  published() {},
};
