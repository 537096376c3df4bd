/** How many there are of each subject. */
export function tally(found: readonly { readonly subjectId: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { subjectId } of found) counts.set(subjectId, (counts.get(subjectId) ?? 0) + 1);
  return counts;
}
