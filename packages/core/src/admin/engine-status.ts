import type { DependencyName } from '../unavailable.ts';

export type DependencyState = 'up' | 'down' | 'open';

export interface DependencyStatus {
  readonly name: DependencyName;
  /** `open`: it failed so often that it is not asked for now. */
  readonly state: DependencyState;
  /** Whether nothing works without it. */
  readonly primary: boolean;
  /** Milliseconds that it took to answer; null when it did not. */
  readonly latencyMs: number | null;
  /** What does not work, or works worse, while it is away; null while it is up. */
  readonly degraded: string | null;
}

export interface RelayStatus {
  /** The process that relays now; null when none does. */
  readonly leader: string | null;
  /** Milliseconds that the newest relayed change is behind the database's time; null when it is not known. */
  readonly lagMs: number | null;
}

/** `all`: server, worker and relay in one process. */
export type ProcessRole = 'all' | 'server' | 'worker' | 'relay';

/** What a process is, for people who operate an instance. */
export interface ProcessDescription {
  readonly role: ProcessRole;
  /** Of Twite. */
  readonly version: string;
  /** Its machine and pid. */
  readonly host: string;
  /** Whose operations it serves; none for workers and relays. */
  readonly services: readonly string[];
  /** Events and jobs that it works on; none for servers and relays. */
  readonly consumers: readonly string[];
  /** Milliseconds. */
  readonly startedAt: number;
}

/** How a process stands, as it reported last. */
export interface ProcessStatus extends ProcessDescription {
  readonly processId: string;
  /** Milliseconds. */
  readonly reportedAt: number;
  /** Those that this process uses, as it sees them. */
  readonly dependencies: readonly DependencyStatus[];
}

/** How an engine stands: what it depends on, and what is degraded. */
export interface EngineStatus {
  readonly engine: 'embedded' | 'distributed';
  /** As this process sees them, asked now. */
  readonly dependencies: readonly DependencyStatus[];
  /** Null where changes need no relay. */
  readonly relay: RelayStatus | null;
  /** The other processes of the instance, at most 1,023; undefined when their reports could not be read. */
  readonly otherProcesses: readonly ProcessStatus[] | undefined;
}
