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

/** How an engine stands: what it depends on, and what is degraded. */
export interface EngineStatus {
  readonly engine: 'embedded' | 'distributed';
  readonly dependencies: readonly DependencyStatus[];
  /** Null where changes need no relay. */
  readonly relay: RelayStatus | null;
}
