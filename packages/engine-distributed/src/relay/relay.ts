import { observeNothing } from '@twite/core/measures/engine-observer';
import type { ResumeToken } from 'mongodb';
import type { Deployment } from '../mongodb/databases.ts';
import { LeaseLost, type LeaseTimes, leaseTimes } from '../mongodb/epoch-lease.ts';
import { MongoParkedMessages } from '../mongodb/parked-messages.ts';
import { schemaVersion as ownSchemaVersion } from '../mongodb/schema-version.ts';
import { pause } from '../rabbitmq/pause.ts';
import { isHistoryLost, relayIdOf } from './change-stream.ts';
import { type Lease, NewerData, takeLease } from './leader-lease.ts';
import { type Relaying, runRelay } from './relay-run.ts';

export interface RelayOptions extends Omit<Relaying, 'observe' | 'parked'> {
  readonly observe?: Relaying['observe'] | undefined;
  /** Shown in the status. */
  readonly processId: string;
  /** For tests. */
  readonly times?: LeaseTimes | undefined;
  /** The schema version of this relay: for tests. */
  readonly schemaVersion?: number | undefined;
}

/** What this process does for one deployment. `outdated`: the data is of a newer version, and it never leads. */
export type RelayState = 'starting' | 'leads' | 'standsBy' | 'outdated' | 'failing';

export interface RelayStanding {
  /** The deployment, by its databases. */
  readonly relay: string;
  readonly state: RelayState;
  /** Why it is outdated or failing, in one line; null otherwise. */
  readonly reason: string | null;
}

export interface Relay extends AsyncDisposable {
  /**
   * Resolves when this process knows, for each deployment, where it continues to relay from, or that it stands by.
   * Where it leads, later writes arrive as changes, and not as part of a snapshot.
   */
  readonly placed: Promise<void>;
  /** The deployments that this process relays now, by their databases. */
  leads(): readonly string[];
  /** One for each deployment. */
  standings(): readonly RelayStanding[];
}

/** How often a standby process checks whether the lead is free: the time that a takeover takes beyond the lease. */
const STANDBY_MS = 500;
const RETRY_MS_FIRST = 50;
const RETRY_MS_MAX = 5_000;
// While the broker is unavailable for hours, one entry every few minutes is enough.
const TELL_EVERY = 50;

/**
 * Turns the changes in MongoDB into events in RabbitMQ: each at least once, and in order. Of all processes that start
 * it, one relays a deployment; the others stand by.
 */
export function startRelay(options: RelayOptions): Relay {
  const { databases } = options;
  const relaying: Relaying = {
    ...options,
    observe: options.observe ?? observeNothing,
    parked: new MongoParkedMessages({ collections: databases.collections, wallNow: Date.now }),
  };
  const stopping = new AbortController();
  const standings = new Map<string, RelayStanding>();
  const placings: Promise<void>[] = [];
  const running = databases.deployments.map((deployment) => {
    const relay = relayIdOf(deployment);
    const placed = Promise.withResolvers<void>();
    placings.push(placed.promise);
    const stand = (state: RelayState, reason: string | null = null) => {
      standings.set(relay, { relay, state, reason });
    };
    stand('starting');
    return standFor(options, relaying, {
      deployment,
      stand,
      signal: stopping.signal,
      onPlaced: placed.resolve,
    }).finally(placed.resolve);
  });
  return {
    placed: Promise.all(placings).then(() => {}),
    leads: () => [...standings.values()].filter(({ state }) => state === 'leads').map(({ relay }) => relay),
    standings: () => [...standings.values()],
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

interface Stand {
  readonly deployment: Deployment;
  readonly stand: (state: RelayState, reason?: string) => void;
  readonly signal: AbortSignal;
  readonly onPlaced: () => void;
}

async function standFor(options: RelayOptions, relaying: Relaying, given: Stand): Promise<void> {
  const { deployment, stand, signal, onPlaced } = given;
  const { databases, processId, log, times = leaseTimes, schemaVersion = ownSchemaVersion } = options;
  const { relays } = databases.collections;
  const relayId = relayIdOf(deployment);
  let newerThanKnown: number | undefined;
  while (!signal.aborted) {
    try {
      const lease = await takeLease({ relays, relayId, processId, times, schemaVersion });
      if (lease === undefined) {
        stand('standsBy');
        onPlaced();
      } else {
        log({ level: 'info', msg: 'relay gained leadership', relay: relayId, epoch: lease.epoch });
        stand('leads');
        try {
          await lead(relaying, { relayId, deployment, lease, idleSaveMs: times.renewMs, signal, onPlaced });
        } finally {
          stand('standsBy');
          log({ level: 'info', msg: 'relay lost leadership', relay: relayId, epoch: lease.epoch });
          await lease.release();
        }
      }
    } catch (error) {
      const isOutdated = error instanceof NewerData;
      stand(isOutdated ? 'outdated' : 'failing', String((error as Error).message));
      if (isOutdated) onPlaced();
      // Logged once per version, not at each check.
      if (!isOutdated || error.version !== newerThanKnown) {
        const msg = isOutdated ? 'relay older than the data' : 'relay lease check failed';
        log({ level: 'warn', msg, relay: relayId, err: error });
      }
      if (isOutdated) newerThanKnown = error.version;
    }
    await pause(Math.min(times.renewMs, STANDBY_MS), signal);
  }
}

/** Relays, and restarts after failures, for as long as the lease is held. */
async function lead(
  relaying: Relaying,
  given: {
    readonly relayId: string;
    readonly deployment: Deployment;
    readonly lease: Lease;
    readonly idleSaveMs: number;
    readonly signal: AbortSignal;
    readonly onPlaced: () => void;
  },
): Promise<void> {
  const { deployment, lease, signal } = given;
  const ending = AbortSignal.any([signal, lease.lost]);
  let failures = 0;
  let startAfter: ResumeToken | undefined;
  const onSaved = () => {
    failures = 0;
  };
  while (!ending.aborted && lease.isHeld()) {
    const startWith = failures > 0 ? 1 : Number.POSITIVE_INFINITY;
    try {
      startAfter = await runRelay(relaying, { ...given, startAfter, startWith, onSaved });
    } catch (error) {
      startAfter = undefined;
      if (error instanceof LeaseLost) return;
      failures += 1;
      if (isHistoryLost(error)) {
        relaying.log({
          level: 'warn',
          msg: 'relay history lost',
          databases: deployment.databases,
          err: error,
        });
        // If this fails, the same place is rejected once more.
        await lease.forgetPlace().catch(() => undefined);
      } else if (failures % TELL_EVERY === 1) {
        relaying.log({
          level: 'warn',
          msg: 'relay failed',
          databases: deployment.databases,
          failures,
          err: error,
        });
      }
      await pause(
        Math.random() * Math.min(RETRY_MS_MAX, RETRY_MS_FIRST * 2 ** Math.min(failures, 16)),
        ending,
      );
    }
  }
}
