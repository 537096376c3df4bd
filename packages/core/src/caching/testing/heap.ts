import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The bytes of this thread's heap and buffers, without garbage. */
export function usedBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A string of its own in the heap, as drivers create them. */
export const copyOf = (text: string): string => Buffer.from(text).toString();

/** An id of its own in the heap. */
export const idOf = (n: number): string => copyOf(String(1_500_000_000_000_000_000n + BigInt(n)));
