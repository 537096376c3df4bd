/** What is answered, or an error when it takes longer: whatever is under way then goes on, and nobody waits for it. */
export function inTime<T>(answer: Promise<T>, deadlineMs: number, late: () => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), deadlineMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
