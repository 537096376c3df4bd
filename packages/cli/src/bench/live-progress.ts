import type { SecondResult } from './record-load.ts';

export interface LiveProgress {
  /** Sets the current phase, shown until the next call. */
  phase(text: string): void;
  second(second: SecondResult): void;
  stop(): void;
}

const everySeconds = 5;

const ms = (value: number | null): string => (value === null ? '–' : `${value} ms`);

/** A line on a terminal that is redrawn every second; elsewhere, a new line every five. Both on stderr. */
export function startLiveProgress(output = process.stderr): LiveProgress {
  let phase = '';
  let isDrawn = false;
  const draw = (text: string): void => {
    if (!output.isTTY) return void output.write(`${text}\n`);
    output.write(`\r\u001b[2K${text.slice(0, Math.max(20, (output.columns ?? 80) - 1))}`);
    isDrawn = true;
  };
  const clear = (): void => {
    if (isDrawn) output.write('\r\u001b[2K');
    isDrawn = false;
  };
  return {
    phase(text) {
      if (text !== phase) draw(text);
      phase = text;
    },
    second({ second, ok, refused, failed, p50Ms, p99Ms }) {
      if (!output.isTTY && (second + 1) % everySeconds !== 0) return;
      const errors = refused + failed === 0 ? '' : `  refused ${refused}, failed ${failed}`;
      draw(`${phase}  ${second + 1} s  ${ok}/s  p50 ${ms(p50Ms)}  p99 ${ms(p99Ms)}${errors}`);
    },
    stop: clear,
  };
}
