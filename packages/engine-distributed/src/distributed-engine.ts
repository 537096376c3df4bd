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
import type { OwnConsumerName } from './own-consumer-names.ts';
import type { JobConcurrency } from './rabbitmq/job-queue.ts';
import type { RelayStanding } from './relay/relay.ts';

export interface DistributedEngineOptions {
  readonly urls: ServiceUrls;
  /** The prefix of all names on the services. */
  readonly namespace: string;
  readonly settings: Settings;
  readonly log?: Log;
  readonly observe?: EngineObserver;
  /** The memory that the caches of this process may take: 256 MiB by default. */
  readonly cacheBytes?: number;
  /** The number of jobs of each class that this process runs concurrently; 8 by default. */
  readonly jobConcurrency?: JobConcurrency;
  /** The engine's own consumers that run here: none by default. */
  readonly consumers?: readonly OwnConsumerName[];
  /** Whether this process relays changes, or stands by to do so: false by default. */
  readonly relay?: boolean;
  /** Rate limits use Redis's own clock unless tests supply another. */
  readonly limitsClock?: Clock;
  /** Aborts the startup while it waits, for example for another process that migrates the data. */
  readonly signal?: AbortSignal;
  /**
   * Whether this process may build indexes and migrate data in the background: true by default. Commands should not.
   */
  readonly migratesInBackground?: boolean;
  /** The clock for ids: the wall clock by default. */
  readonly idsClock?: Clock;
  /** Describes this process in the status of the instance. Without it, as for commands, the process is not listed. */
  readonly description?: ProcessDescription;
  /** For tests: how long this process keeps the machine number without renewing it. */
  readonly machineLease?: Pick<LeaseOptions, 'leaseMs' | 'renewMs'>;
}

/** Figures about this process, for metrics. */
export interface EngineState {
  /** The caches of this process, and those in Redis: `timelines` and `sharedPosts`. */
  readonly caches: readonly CacheState[];
  readonly dependencies: readonly Pick<Dependency, 'name' | 'isOpen'>[];
  /** The number of invalidations that did not reach other processes. */
  readonly busFailures: number;
  /** False while MongoDB has been unavailable for too long: no ids are generated, so nothing can be written. */
  readonly isLeaseHeld: boolean;
}

/** What this engine offers in addition to `OpenEngine`. */
export interface DistributedEngine extends OpenEngine {
  /** Random; the owner of this process's idempotency claims. */
  readonly processId: string;
  /** The machine number in this process's ids, which no other process has. May change after an outage of MongoDB. */
  readonly machine: number;
  /**
   * Generates ids that are unique across processes. `next` throws `Unavailable` while the machine number's lease is
   * lost.
   */
  readonly ids: { next(): string };
  readonly derived: DerivedData;
  /**
   * Does the work that the first graph query would otherwise wait for and miss its deadline by. Rejects while Neo4j is
   * unavailable.
   */
  warm(): Promise<void>;
  /**
   * Makes Elasticsearch do the work that the first search after its start would wait for and miss its deadline by.
   * Resolves at once while it is unavailable, and within 20 seconds otherwise.
   */
  warmSearch(): Promise<void>;
  /** Whether a search can already find the post: Elasticsearch shows new writes after its next refresh. */
  isSearchable(postId: string): Promise<boolean>;
  state(): EngineState;
  /**
   * Resolves when its relay knows where to resume, or that another process leads (`Relay.placed`); at once without a
   * relay.
   */
  readonly relayPlaced: Promise<void>;
  /** Which process relays, and how far behind it is. */
  relayStatus(): Promise<RelayStatus>;
  /** What the relay of this process does for each deployment; empty when it has no relay. */
  relayStandings(): readonly RelayStanding[];
  /** Resolves when RabbitMQ answers. Rejects while it does not, or when this process has no address for it. */
  checkBroker(): Promise<void>;
}
