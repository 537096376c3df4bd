import type { DerivedData } from '@twite/core/admin/derived-data';
import type { ProcessDescription, RelayStatus } from '@twite/core/admin/engine-status';
import type { Clock } from '@twite/core/clock';
import type { OpenEngine, Settings } from '@twite/core/engine';
import type { CacheState } from '@twite/core/measures/cache-state';
import type { EngineObserver } from '@twite/core/measures/engine-observer';
import type { ServiceUrls } from './connections.ts';
import type { Dependency } from './dependency.ts';
import type { Log } from './log.ts';
import type { LeaseOptions } from './mongodb/process-lease.ts';
import type { JobConcurrency } from './rabbitmq/job-queue.ts';
import type { OwnConsumerName } from './rabbitmq/topology.ts';
import type { RelayStanding } from './relay/relay.ts';

export interface DistributedEngineOptions {
  readonly urls: ServiceUrls;
  /** Start of all names on the services. */
  readonly namespace: string;
  readonly settings: Settings;
  readonly log?: Log;
  readonly observe?: EngineObserver;
  /** Jobs of each class that this process works on at the same time; 8 by default. */
  readonly jobConcurrency?: JobConcurrency;
  /** Consumers of the engine itself that run here: none by default. */
  readonly consumers?: readonly OwnConsumerName[];
  /** Whether this process relays changes, or stands by to: false by default. */
  readonly relay?: boolean;
  /** Rate limits go by Redis's own clock unless tests move another. */
  readonly limitsClock?: Clock;
  /** Ends the start while it waits, as for another process that migrates the data. */
  readonly signal?: AbortSignal;
  /** Whether this process may build indexes and migrate data beside its work: true by default. Commands should not. */
  readonly migratesInBackground?: boolean;
  /** For ids: the wall clock by default. */
  readonly idsClock?: Clock;
  /** What this process is, for the status of the instance. Without it, as of commands, it is not listed there. */
  readonly description?: ProcessDescription;
  /** For tests: how long the machine number stays with this process without being renewed. */
  readonly machineLease?: Pick<LeaseOptions, 'leaseMs' | 'renewMs'>;
}

/** Numbers about this process, for metrics. */
export interface EngineState {
  /** Those of this process, and what is cached in Redis: `timelines` and `sharedPosts`. */
  readonly caches: readonly CacheState[];
  readonly dependencies: readonly Pick<Dependency, 'name' | 'isOpen'>[];
  /** Invalidations that did not reach other processes. */
  readonly busFailures: number;
  /** False while MongoDB has been away for too long: no id is made, so nothing can be written. */
  readonly isLeaseHeld: boolean;
}

/** What this engine tells besides `OpenEngine`. */
export interface DistributedEngine extends OpenEngine {
  /** Random; the owner of this process's idempotency claims. */
  readonly processId: string;
  /** The machine number in this process's ids: no other process has it. May change after an outage of MongoDB. */
  readonly machine: number;
  /** Ids that no other process makes. `next` throws `Unavailable` while the machine number's lease is lost. */
  readonly ids: { next(): string };
  readonly derived: DerivedData;
  /** Does what the first question to the graph would wait for, and miss its deadline by. Rejects while Neo4j is away. */
  warm(): Promise<void>;
  /**
   * Has Elasticsearch do what the first search after its start would wait for, and miss its deadline by. Resolves at once
   * while it is away, and within 20 seconds otherwise.
   */
  warmSearch(): Promise<void>;
  /** Whether a search can find the post by now: Elasticsearch shows what was written after its next refresh. */
  isSearchable(postId: string): Promise<boolean>;
  state(): EngineState;
  /** Resolves when its relay knows where to resume, or that another leads (`Relay.placed`); at once when it has none. */
  readonly relayPlaced: Promise<void>;
  /** Who relays, and how far behind. */
  relayStatus(): Promise<RelayStatus>;
  /** What the relay of this process does for each deployment; none when it has no relay. */
  relayStandings(): readonly RelayStanding[];
  /** Resolves when RabbitMQ answers; rejects while it does not, or when this process has no address of it. */
  checkBroker(): Promise<void>;
}
