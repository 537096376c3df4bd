// Handlers mostly wait for stores; more at once would only wait for each other.
const atOnce = 16;

/**
 * Handles the events of a batch, some at a time: handlers are right in any order. Throws the first error when all have
 * ended, so that nothing of a batch goes on behind its failure.
 */
export async function eachTogether<T>(
  events: readonly T[],
  handle: (event: T) => Promise<void>,
): Promise<void> {
  const rest = events.values();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (const event of rest) {
      if (failures.length > 0) return;
      try {
        await handle(event);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, events.length) }, lane));
  if (failures.length > 0) throw failures[0];
}
