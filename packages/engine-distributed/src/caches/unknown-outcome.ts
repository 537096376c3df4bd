import type { Touch } from './touch.ts';
import type { TouchBus } from './touch-bus.ts';

/** Invalidates everything that a failed write may have changed: its outcome is unknown. */
export async function touchUnlessDone<T>(
  bus: TouchBus,
  write: Promise<T>,
  touches: () => readonly Touch[],
): Promise<T> {
  try {
    return await write;
  } catch (error) {
    await bus.touch(touches());
    throw error;
  }
}
