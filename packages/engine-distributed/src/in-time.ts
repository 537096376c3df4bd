/** How long the end of a process waits for a dependency that hangs: what is not given back is taken back later. */
export const partingMs = 2_000;

/** What is answered, or an error when it takes longer: whatever is under way then goes on, and nobody waits for it. */
export function inTime<T>(answer: Promise<T>, deadlineMs: number, late: () => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), deadlineMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Waits for what a process says last, so long and no longer, and whether it fails or not. */
export const parting = (said: Promise<unknown> | undefined): Promise<void> =>
  said === undefined ? Promise.resolve() : inTime(said, partingMs, () => undefined).then(ignore, ignore);

const ignore = () => {};
