/** A message for the operator. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly msg: string;
  readonly [detail: string]: unknown;
}
export type Log = (entry: LogEntry) => void;
