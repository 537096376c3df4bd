import { createLogger, type Logger } from '@twite/process/logger';

export interface CapturedLog {
  readonly log: Logger;
  /** JSON, one entry per line. */
  readonly lines: readonly string[];
}

/** A log that keeps every line, at every level. */
export function captureLog(role: 'all' | 'server' | 'worker' | 'relay' = 'all'): CapturedLog {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  return { log: createLogger({ logLevel: 'trace', logFormat: 'json', role }, { write }), lines };
}
