/** A message that this process received and has not finished. */
export interface UnderWay {
  /** The time of its event, in milliseconds. */
  readonly at: number | null;
}

/** The progress of the consumers in this process, for `settled` and for the list of queues. */
export interface Progress {
  /** The total number of messages received. */
  readonly received: number;
  /** Whether no message is in progress. */
  readonly isIdle: boolean;
  underWay(queue: string): number;
  /** The time of the oldest message in progress; null when it is unknown. */
  oldestAt(queue: string): number | null;
  /** The queues with consumers. */
  queues(): readonly string[];
  /** Resolves when no message is in progress. */
  idle(): Promise<void>;
  /** Whether someone waits for that. */
  readonly isAwaited: boolean;
  /** Calls `hurry` whenever someone begins to wait, until the returned function is called. */
  onAwaited(hurry: () => void): () => void;
  /** Resolves when every consumer of these queues that still runs has reached a barrier of the series. */
  passed(queues: readonly string[], series: string): Promise<void>;

  started(queue: string): void;
  stopped(queue: string): void;
  came(queue: string, message: UnderWay): void;
  finished(queue: string, message: UnderWay): void;
  reached(queue: string, barrierId: string): void;
}

interface Waiting {
  readonly series: string;
  readonly queues: Set<string>;
  readonly resolve: () => void;
}

/** The name of a barrier: the nth of a series, any of which will do. */
export const barrierIn = (series: string, n: number): string => `${series}.${n}`;

export function openProgress(): Progress {
  const consumers = new Map<string, number>();
  const messages = new Map<string, Set<UnderWay>>();
  const barriers = new Set<Waiting>();
  const hurrying = new Set<() => void>();
  let received = 0;
  let count = 0;
  let idlers: (() => void)[] = [];

  function strike(queue: string, matches: (waiting: Waiting) => boolean): void {
    for (const waiting of barriers) {
      if (!matches(waiting)) continue;
      waiting.queues.delete(queue);
      if (waiting.queues.size > 0) continue;
      barriers.delete(waiting);
      waiting.resolve();
    }
  }

  return {
    get received() {
      return received;
    },
    get isIdle() {
      return count === 0;
    },
    underWay: (queue) => messages.get(queue)?.size ?? 0,
    oldestAt: (queue) => messages.get(queue)?.values().next().value?.at ?? null,
    queues: () => [...consumers.keys()],
    idle() {
      if (count === 0) return Promise.resolve();
      const idle = new Promise<void>((resolve) => idlers.push(resolve));
      for (const hurry of hurrying) hurry();
      return idle;
    },
    get isAwaited() {
      return idlers.length > 0;
    },
    onAwaited(hurry) {
      hurrying.add(hurry);
      return () => void hurrying.delete(hurry);
    },
    passed(queues, series) {
      const left = new Set(queues.filter((queue) => consumers.has(queue)));
      if (left.size === 0) return Promise.resolve();
      return new Promise((resolve) => barriers.add({ series, queues: left, resolve }));
    },
    started(queue) {
      consumers.set(queue, (consumers.get(queue) ?? 0) + 1);
    },
    stopped(queue) {
      const left = (consumers.get(queue) ?? 1) - 1;
      if (left > 0) {
        consumers.set(queue, left);
        return;
      }
      consumers.delete(queue);
      strike(queue, () => true);
    },
    came(queue, message) {
      received += 1;
      count += 1;
      const those = messages.get(queue) ?? new Set();
      messages.set(queue, those.add(message));
    },
    finished(queue, message) {
      if (messages.get(queue)?.delete(message) !== true) return;
      count -= 1;
      if (count > 0) return;
      for (const resolve of idlers) resolve();
      idlers = [];
    },
    reached(queue, barrierId) {
      const [of] = barrierId.split('.');
      strike(queue, ({ series }) => series === of);
    },
  };
}
