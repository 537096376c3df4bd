/** The edit distance: letters added, removed or changed, or swapped with the next. */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The command that was probably meant, if one is similar to the input. Both are ids, with colons. */
export function closestCommand(typed: string, ids: readonly string[]): string | undefined {
  // Longer than any command: not worth comparing.
  if (typed.length > 40) return undefined;
  const [best] = ids
    .map((id) => ({ id, away: distance(typed.toLowerCase(), id) }))
    .filter(({ id, away }) => away <= Math.max(1, Math.floor(id.length / 3)))
    .sort((a, b) => a.away - b.away);
  return best?.id;
}
