/** How long a shutdown step waits for a dependency that hangs. Anything not released then expires by itself. */
export const partingMs = 2_000;

/**
 * Resolves with the answer, or rejects with the error of `late` after the deadline. The call itself is not cancelled.
 */
export function inTime<T>(answer: Promise<T>, deadlineMs: number, late: () => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), deadlineMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Awaits a best-effort shutdown step for at most `partingMs`, and ignores its outcome. */
export const parting = (said: Promise<unknown> | undefined): Promise<void> =>
  said === undefined ? Promise.resolve() : inTime(said, partingMs, () => undefined).then(ignore, ignore);

const ignore = () => {};
