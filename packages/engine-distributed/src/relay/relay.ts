import type { ResumeToken } from 'mongodb';
import type { Deployment } from '../mongodb/databases.ts';
import { observeNothing } from '../rabbitmq/observe.ts';
import { pause } from '../rabbitmq/pause.ts';
import { isHistoryLost, relayIdOf } from './change-stream.ts';
import { type Lease, LeaseLost, type LeaseTimes, leaseTimes, takeLease } from './leader-lease.ts';
import { type Relaying, runRelay } from './relay-run.ts';

export interface RelayOptions extends Omit<Relaying, 'observe'> {
  readonly observe?: Relaying['observe'] | undefined;
  /** Told in the status, for people. */
  readonly processId: string;
  /** For tests. */
  readonly times?: LeaseTimes | undefined;
}

export interface Relay extends AsyncDisposable {
  /**
   * Resolves when of each deployment this process knows where it relays on from, or that another leads. Where it leads, what
   * is written from then on comes as changes, and not as part of a snapshot.
   */
  readonly placed: Promise<void>;
  /** The deployments that this process relays now, by their databases. */
  leads(): readonly string[];
}

/** How often one that stands by looks whether the lead is free: what a takeover takes beyond the lease. */
const STANDBY_MS = 500;
const RETRY_MS_FIRST = 50;
const RETRY_MS_MAX = 5_000;
// While the broker is away for hours, once in some minutes is enough.
const TELL_EVERY = 50;

/**
 * Turns the changes in MongoDB into events in RabbitMQ: each at least once, and in order. Of all processes that start
 * it, one relays a deployment; the others stand by.
 */
export function startRelay(options: RelayOptions): Relay {
  const relaying: Relaying = { ...options, observe: options.observe ?? observeNothing };
  const stopping = new AbortController();
  const leading = new Set<string>();
  const placings: Promise<void>[] = [];
  const running = options.databases.deployments.map((deployment) => {
    const placed = Promise.withResolvers<void>();
    placings.push(placed.promise);
    return standFor(options, relaying, {
      deployment,
      leading,
      signal: stopping.signal,
      onPlaced: placed.resolve,
    }).finally(placed.resolve);
  });
  return {
    placed: Promise.all(placings).then(() => {}),
    leads: () => [...leading],
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

interface Stand {
  readonly deployment: Deployment;
  readonly leading: Set<string>;
  readonly signal: AbortSignal;
  readonly onPlaced: () => void;
}

async function standFor(options: RelayOptions, relaying: Relaying, stand: Stand): Promise<void> {
  const { deployment, leading, signal, onPlaced } = stand;
  const { databases, processId, log, times = leaseTimes } = options;
  const { relays } = databases.collections;
  const relayId = relayIdOf(deployment);
  while (!signal.aborted) {
    try {
      const lease = await takeLease({ relays, relayId, processId, times });
      if (lease === undefined) onPlaced();
      else {
        log({ level: 'info', msg: 'this process relays', relay: relayId, epoch: lease.epoch });
        leading.add(relayId);
        try {
          await lead(relaying, { relayId, deployment, lease, idleSaveMs: times.renewMs, signal, onPlaced });
        } finally {
          leading.delete(relayId);
          log({ level: 'info', msg: 'this process relays no more', relay: relayId, epoch: lease.epoch });
          await lease.release();
        }
      }
    } catch (error) {
      log({ level: 'warn', msg: 'the lead over the relay is not known', relay: relayId, err: error });
    }
    await pause(Math.min(times.renewMs, STANDBY_MS), signal);
  }
}

/** Relays, again and again, for as long as the lease is held. */
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
          msg: 'changes were missed',
          databases: deployment.databases,
          err: error,
        });
        // Should this fail, the same place is refused once more.
        await lease.forgetPlace().catch(() => undefined);
      } else if (failures % TELL_EVERY === 1) {
        relaying.log({
          level: 'warn',
          msg: 'relaying failed',
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
