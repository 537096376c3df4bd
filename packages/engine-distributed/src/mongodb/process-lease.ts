import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { firstIdAt } from '@twite/core/ids/ids';
import { Unavailable } from '@twite/core/unavailable';
import { EngineOpenError } from '../engine-open-error.ts';
import { inTime, partingMs } from '../in-time.ts';
import type { Log } from '../log.ts';
import type { Collections } from './databases.ts';
import type { ProcessDoc } from './documents.ts';
import { insertedNew } from './errors.ts';
import { bounded } from './reads.ts';

const machines = 1024;

/** A machine number that this process alone makes ids with. */
export interface ProcessLease extends AsyncDisposable {
  /** Random; tells this process apart from every other, also one before on this machine. */
  readonly processId: string;
  /** 0 to 1023. */
  readonly machine: number;
  /** For `createIdGenerator`: above all ids of the one who had the number before. Undefined: it is new. */
  readonly after: string | undefined;
  /** False when the lease ended without being renewed: no id may be made then. Exact, also just after a long pause. */
  isHeld(): boolean;
  /** Resolves when the lease is lost: the process has to end. */
  readonly lost: Promise<Error>;
}

export interface LeaseOptions {
  readonly leaseMs?: number;
  readonly renewMs?: number;
  readonly wallNow?: () => number;
}

/**
 * Leases a machine number: one that nobody had, or the one given back longest ago. Others judge the end of a lease by
 * their own clocks, so those may be apart by less than the time between two uses of a number.
 * @throws EngineOpenError when all 1,024 are in use.
 */
export async function leaseProcess(
  { processes }: Pick<Collections, 'processes'>,
  log: Log,
  { leaseMs = 30_000, renewMs = 5_000, wallNow = Date.now }: LeaseOptions = {},
): Promise<ProcessLease> {
  const processId = randomUUID();
  const host = `${hostname()}:${process.pid}`;
  const lease = () => ({ processId, host, expiresAt: new Date(wallNow() + leaseMs) });
  // Monotonic, and read before asking: never later than what others see.
  let heldUntil = performance.now() + leaseMs;
  const { machine, after } = await takeMachine(processes, wallNow, () => {
    heldUntil = performance.now() + leaseMs;
    return lease();
  });

  let released = false;
  const { promise: lost, resolve: lose } = Promise.withResolvers<Error>();
  const isHeld = () => !released && performance.now() < heldUntil;
  const stop = () => {
    clearInterval(renewing);
    clearTimeout(ending);
  };
  const loseIt = (why: string, cause?: unknown) => {
    heldUntil = 0;
    stop();
    lose(new Error(`this process lost its lease of machine number ${machine}: ${why}`, { cause }));
  };
  const onEnd = () => {
    if (!released && !isHeld()) loseIt('it could not be renewed in time');
  };
  let ending = setTimeout(onEnd, leaseMs + 1).unref();
  let renewal: Promise<void> | undefined;
  const renew = async () => {
    const asked = performance.now();
    try {
      const { expiresAt } = lease();
      const { matchedCount } = await processes.updateOne(
        { _id: machine, processId },
        { $set: { expiresAt } },
      );
      if (released || !isHeld()) return;
      if (matchedCount === 0) return loseIt('another process has taken it');
      heldUntil = asked + leaseMs;
      clearTimeout(ending);
      ending = setTimeout(onEnd, heldUntil - performance.now() + 1).unref();
    } catch (error) {
      log({
        level: 'warn',
        msg: 'the lease of the machine number was not renewed',
        machine,
        error: String(error),
      });
    }
  };
  const renewing = setInterval(() => {
    renewal ??= renew().finally(() => {
      renewal = undefined;
    });
  }, renewMs).unref();

  return {
    processId,
    machine,
    after,
    isHeld,
    lost,
    async [Symbol.asyncDispose]() {
      if (released) return;
      released = true;
      stop();
      await renewal;
      // The document stays, and tells when its ids ended. Should this fail, the lease ends by itself.
      const givenBack = processes.updateOne(
        { _id: machine, processId },
        { $set: { processId: null, expiresAt: new Date(wallNow()) } },
      );
      await inTime(givenBack, partingMs, () => new Unavailable('mongodb')).catch((error: unknown) =>
        log({ level: 'warn', msg: 'the machine number was not given back', machine, error: String(error) }),
      );
    },
  };
}

async function takeMachine(
  processes: Collections['processes'],
  wallNow: () => number,
  lease: () => Omit<ProcessDoc, '_id'>,
): Promise<{ machine: number; after: string | undefined }> {
  for (;;) {
    const known = await processes.find({}, { ...bounded, projection: { host: 0 } }).toArray();
    const taken = new Set(known.map(({ _id }) => _id));
    const unused = Array.from({ length: machines }, (_, machine) => machine).filter((id) => !taken.has(id));
    if (unused.length > 0) {
      // Any of them: several that start at once seldom ask for the same.
      const machine = unused[Math.floor(Math.random() * unused.length)] as number;
      if (await insertedNew(processes.insertOne({ _id: machine, ...lease() })))
        return { machine, after: undefined };
      continue;
    }
    const now = wallNow();
    const [oldest] = known
      .filter(({ expiresAt }) => expiresAt.getTime() <= now)
      .sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
    if (oldest === undefined) {
      throw new EngineOpenError(
        `All ${machines.toLocaleString('en')} machine numbers are in use by processes on this database. Stop some, or wait 30 s for those that crashed.`,
      );
    }
    const { _id, processId, expiresAt } = oldest;
    const { matchedCount } = await processes.updateOne({ _id, processId, expiresAt }, { $set: lease() });
    if (matchedCount === 1) return { machine: _id, after: firstIdAt(expiresAt.getTime() + 1) };
  }
}

/** Whether a process has a lease that lasts. */
export async function isProcessAlive(
  { processes }: Pick<Collections, 'processes'>,
  processId: string,
  wallNow: number,
): Promise<boolean> {
  const found = await processes.findOne({ processId }, { ...bounded, projection: { expiresAt: 1 } });
  return found !== null && found.expiresAt.getTime() > wallNow;
}
