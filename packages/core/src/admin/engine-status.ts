import type { DependencyName } from '../unavailable.ts';

export type DependencyState = 'up' | 'down' | 'open';

export interface DependencyStatus {
  readonly name: DependencyName;
  /** `open`: it failed so often that the circuit breaker stops calls for now. */
  readonly state: DependencyState;
  /** Whether nothing works without it. */
  readonly primary: boolean;
  /** The response time in milliseconds; null if there was no response. */
  readonly latencyMs: number | null;
  /** The features that fail or degrade while it is unavailable; null while it is up. */
  readonly degraded: string | null;
}

export interface RelayStatus {
  /** The process that relays now; null if there is none. */
  readonly leader: string | null;
  /** How far the newest relayed change is behind the database's time, in milliseconds; null if unknown. */
  readonly lagMs: number | null;
}

/** `all`: server, worker and relay in one process. */
export type ProcessRole = 'all' | 'server' | 'worker' | 'relay';

/** A description of a process for people who operate an instance. */
export interface ProcessDescription {
  readonly role: ProcessRole;
  /** The version of Twite. */
  readonly version: string;
  /** The process's machine and pid. */
  readonly host: string;
  /** The services that the process serves; empty for workers and relays. */
  readonly services: readonly string[];
  /** The consumers and job classes that the process runs; empty for servers and relays. */
  readonly consumers: readonly string[];
  /** Milliseconds. */
  readonly startedAt: number;
}

/** The state of a process as of its last report. */
export interface ProcessStatus extends ProcessDescription {
  readonly processId: string;
  /** Milliseconds. */
  readonly reportedAt: number;
  /** The dependencies that this process uses, as it sees them. */
  readonly dependencies: readonly DependencyStatus[];
}

/** The state of an engine: its dependencies, and what is degraded. */
export interface EngineStatus {
  readonly engine: 'embedded' | 'distributed';
  /** As this process sees them, checked just now. */
  readonly dependencies: readonly DependencyStatus[];
  /** Null where changes need no relay. */
  readonly relay: RelayStatus | null;
  /** The other processes of the instance, at most 1,023. Undefined if their reports could not be read. */
  readonly otherProcesses: readonly ProcessStatus[] | undefined;
}
