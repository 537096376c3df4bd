const steps = [
  ['ms', 1_000],
  ['s', 60],
  ['min', 60],
  ['h', 24],
] as const;

/** Formats a duration: `0.4 ms`, `12 s`, `3 d`. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  let count = ms;
  for (const [unit, size] of steps) {
    if (Math.round(count) < size) return `${Math.round(count)} ${unit}`;
    count /= size;
  }
  return `${Math.round(count)} d`;
}
