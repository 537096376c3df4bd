import { CommandError } from '../usage-error.ts';
import type { MemorySample } from './soak.ts';

const timeoutMs = 5_000;
const samplesMax = 240;

async function residentBytes(url: string): Promise<number> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  const text = await answer.text();
  const value = /^process_resident_memory_bytes(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1];
  if (!answer.ok || value === undefined) throw new Error(`the response has no process_resident_memory_bytes`);
  return Number(value);
}

export interface MemoryWatch {
  /** Stops sampling. */
  stop(): readonly MemorySample[];
}

/** Samples the memory of a process through its metrics address, up to 240 times. */
export async function watchMemory(url: string, seconds: number): Promise<MemoryWatch> {
  const startedAt = performance.now();
  const samples: MemorySample[] = [];
  const take = async (): Promise<void> => {
    const bytes = await residentBytes(url);
    samples.push({ atSeconds: (performance.now() - startedAt) / 1000, bytes });
  };
  try {
    await take();
  } catch (cause) {
    throw new CommandError(
      'no_metrics',
      `Cannot read the memory of the server at ${url}: ${(cause as Error).message}. Set --metrics to its metrics URL, such as http://127.0.0.1:9464/metrics.`,
      { cause },
    );
  }
  const timer = setInterval(
    // A missed sample leaves a gap.
    () => void take().catch(() => undefined),
    Math.max(1_000, (seconds * 1000) / samplesMax),
  );
  return {
    stop() {
      clearInterval(timer);
      return samples;
    },
  };
}
