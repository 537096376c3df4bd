/** The newest `limit` ids of two lists that are sorted newest first, without duplicates. */
export function mergeNewest(one: readonly string[], other: readonly string[], limit: number): string[] {
  const merged: string[] = [];
  let i = 0;
  let j = 0;
  while (merged.length < limit && (i < one.length || j < other.length)) {
    const a = one[i];
    const b = other[j];
    // Ids sort as text.
    if (b === undefined || (a !== undefined && a >= b)) {
      merged.push(a as string);
      i++;
      if (a === b) j++;
    } else {
      merged.push(b);
      j++;
    }
  }
  return merged;
}
