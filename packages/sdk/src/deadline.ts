import { TwiteTimeoutError } from './errors.ts';

/** Settles like the promise, or rejects with the signal's reason if that comes first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Waits. Rejects with the signal's reason when aborted, and leaves no timer behind. */
export function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waited = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return abortable(waited, signal).finally(() => clearTimeout(timer));
}

/**
 * The scope of a running call. The signal ends it; `failed` records why an attempt failed, for the error of a timeout.
 */
export interface CallScope {
  readonly signal: AbortSignal;
  failed(error: unknown): void;
  /** Replaces the remaining time of the call with this time from now. */
  extend(timeoutMs: number): void;
}

// Timers count in 32 bits: a longer one would fire at once.
const longestTimerMs = 2 ** 31 - 1;

export interface Deadline {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** The operation that the error names, such as `posts.create`. */
  readonly operation: string;
}

/** Runs until the call settles, the caller's signal aborts, or `timeoutMs` pass. */
export async function withDeadline<T>(
  { signal, timeoutMs, operation }: Deadline,
  run: (scope: CallScope) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  let lastFailure: ErrorOptions | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const extend = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () => controller.abort(new TwiteTimeoutError(ms, lastFailure, operation)),
      Math.min(ms, longestTimerMs),
    );
  };
  extend(timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  const scope: CallScope = {
    signal: controller.signal,
    failed(cause) {
      lastFailure = { cause };
    },
    extend,
  };
  try {
    return await abortable(run(scope), controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
