const steps = [
  ['s', 60],
  ['min', 60],
  ['h', 24],
  ['d', 7],
] as const;

/** `just now`, `5 min ago`, `3 d ago`, and the date for anything older than a week. */
export function relativeTime(timestamp: string, now = Date.now()): string {
  const time = Date.parse(timestamp);
  if (Number.isNaN(time)) return timestamp;
  // Another clock may be slightly ahead.
  let count = Math.max(0, Math.floor((now - time) / 1000));
  if (count < 5) return 'just now';
  for (const [unit, size] of steps) {
    if (count < size) return `${count} ${unit} ago`;
    count = Math.floor(count / size);
  }
  return new Date(time).toISOString().slice(0, 10);
}
