/** One line for the operator's log, ready for a structured logger. */
export interface LogEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly msg: string;
  readonly [detail: string]: unknown;
}

export type Log = (event: LogEvent) => void;
