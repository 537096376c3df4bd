import type { Difference } from './derived-data.ts';

/** What was compared, and the ids of the differing items. */
export interface Comparison {
  readonly compared: number;
  readonly differing: readonly string[];
}

/** Compares one kind of derived data with its source: all of it, or only the named items. */
export interface Comparing {
  readonly what: string;
  compare(only: readonly string[] | undefined): Promise<Comparison>;
}

const looks = 6;
const examplesMax = 5;

/** Compares everything, then rechecks the differences after a pause: recent writes may still be propagating. */
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
