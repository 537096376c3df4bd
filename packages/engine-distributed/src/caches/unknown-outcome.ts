import type { Touch } from './touch.ts';
import type { TouchBus } from './touch-bus.ts';

/** Touches what a write can have changed when it fails: whether it was done is then unknown. */
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
