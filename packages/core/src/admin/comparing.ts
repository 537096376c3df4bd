import type { Difference } from './derived-data.ts';

/** What was compared, and the ids of what differed. */
export interface Comparison {
  readonly compared: number;
  readonly differing: readonly string[];
}

/** Compares one kind of derived data with its source: all of it, or only what is named. */
export interface Comparing {
  readonly what: string;
  compare(only: readonly string[] | undefined): Promise<Comparison>;
}

const looks = 6;
const examplesMax = 5;

/** Compares all, and looks again, after a pause, at what differs: what was written a moment ago may be on its way. */
async function difference({ what, compare }: Comparing, pause: () => Promise<void>): Promise<Difference> {
  const first = await compare(undefined);
  let { differing } = first;
  for (let look = 1; look < looks && differing.length > 0; look++) {
    await pause();
    differing = (await compare(differing)).differing;
  }
  return {
    what,
    compared: first.compared,
    differences: differing.length,
    examples: differing.slice(0, examplesMax),
  };
}

/** Compares each kind in turn. */
export async function differences(
  comparisons: readonly Comparing[],
  pause: () => Promise<void>,
): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (const comparing of comparisons) found.push(await difference(comparing, pause));
  return found;
}
