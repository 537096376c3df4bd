import type { IncomingMessage } from 'node:http';

/** How slowly a client may send. */
export interface Pace {
  /** The longest time without a byte. */
  readonly stallMs: number;
  /** On average, from `stallMs` on. */
  readonly bytesPerSecondMin: number;
  readonly totalMs: number;
}

export const uploadPace: Pace = Object.freeze({
  stallMs: 30_000,
  bytesPerSecondMin: 4_096,
  totalMs: 600_000,
});

/**
 * Calls `tooSlow`, at most once, when the body arrives too slowly. Time in which the body waits for the server does not
 * count as a stall. Call the returned function to end it.
 */
export function watchPace(req: IncomingMessage, pace: Pace, tooSlow: () => void): () => void {
  const startedAt = performance.now();
  let bytes = 0;
  const end = () => {
    clearTimeout(total);
    clearTimeout(stall);
    clearInterval(average);
    req.off('data', onData);
  };
  const fail = () => {
    end();
    tooSlow();
  };
  const total = setTimeout(fail, pace.totalMs);
  const stall = setTimeout(() => (req.isPaused() ? stall.refresh() : fail()), pace.stallMs);
  const average = setInterval(() => {
    const seconds = (performance.now() - startedAt) / 1000;
    if (!req.isPaused() && bytes < pace.bytesPerSecondMin * seconds) fail();
  }, pace.stallMs);
  const onData = (chunk: Buffer) => {
    bytes += chunk.length;
    stall.refresh();
  };
  req.on('data', onData);
  return end;
}
