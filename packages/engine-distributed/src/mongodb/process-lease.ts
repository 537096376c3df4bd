import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '@twite/core/clock';
import { createIdGenerator, firstIdAt, type IdGenerator } from '@twite/core/ids/ids';
import { Unavailable } from '@twite/core/unavailable';
import { EngineOpenError } from '../engine-open-error.ts';
import { inTime, parting, partingMs } from '../in-time.ts';
import type { Log } from '../log.ts';
import type { Collections } from './databases.ts';
import type { ProcessDoc } from './documents.ts';
import { insertedNew } from './errors.ts';
import { bounded } from './reads.ts';

const machines = 1024;

/** A machine number that this process alone makes ids with. Its end is no end of the process: the lease is taken again. */
export interface ProcessLease extends AsyncDisposable {
  /** Random; tells this process apart from every other, also one before on this machine. */
  readonly processId: string;
  /** 0 to 1023. Another one after an outage during which a different process took the number. */
  readonly machine: number;
  /** False while the lease has run out: no id may be made then. Exact, also just after a long pause. */
  isHeld(): boolean;
  /**
   * Ids of this process: unique across processes, and rising within this one.
   * `next` throws `Unavailable` while the lease is not held.
   */
  readonly ids: { next(): string };
}

export interface LeaseOptions {
  readonly leaseMs?: number;
  readonly renewMs?: number;
  readonly wallNow?: () => number;
  /** For the ids; the wall clock by default. */
  readonly idsClock?: Clock | undefined;
  /** An id that all new ids must exceed: the newest one that a restore brought. */
  readonly idsAfter?: string | undefined;
}

interface Term {
  readonly machine: number;
  readonly ids: IdGenerator;
}

/**
 * Leases a machine number: one that nobody had, or the one given back longest ago. Others judge the end of a lease by
 * their own clocks, so those may be apart by less than the time between two uses of a number.
 *
 * When MongoDB is away for longer than the lease, `ids` throws until it is back. Then the process keeps its number,
 * unless another process took it meanwhile: in that case it leases another one.
 * @throws EngineOpenError when all 1,024 are in use.
 */
export async function leaseProcess(
  { processes }: Pick<Collections, 'processes'>,
  log: Log,
  {
    leaseMs = 30_000,
    renewMs = 5_000,
    wallNow = Date.now,
    idsClock = { now: wallNow },
    idsAfter,
  }: LeaseOptions = {},
): Promise<ProcessLease> {
  const processId = randomUUID();
  const host = `${hostname()}:${process.pid}`;
  let lastId = idsAfter;
  // Monotonic, and read before MongoDB is asked: never later than what other processes see.
  let heldUntil = 0;

  async function take(): Promise<Term> {
    let askedAt = performance.now();
    const { machine, after } = await takeMachine(processes, wallNow, () => {
      askedAt = performance.now();
      return { processId, host, expiresAt: new Date(wallNow() + leaseMs) };
    });
    heldUntil = askedAt + leaseMs;
    const aboveBoth = lastId !== undefined && (after === undefined || lastId > after) ? lastId : after;
    return { machine, ids: createIdGenerator({ clock: idsClock, machine, after: aboveBoth }) };
  }

  /** Extends the lease, also one that has run out; false when another process has the number now. */
  async function extend(machine: number): Promise<boolean> {
    const askedAt = performance.now();
    const expiresAt = new Date(wallNow() + leaseMs);
    const { matchedCount } = await processes.updateOne({ _id: machine, processId }, { $set: { expiresAt } });
    if (matchedCount === 0) return false;
    heldUntil = askedAt + leaseMs;
    return true;
  }

  let term = await take();
  let released = false;
  let isFailing = false;
  let isLost = false;
  const isHeld = () => !released && performance.now() < heldUntil;

  const notice = () => {
    if (released || isLost || isHeld()) return;
    isLost = true;
    const { machine } = term;
    log({ level: 'error', msg: 'machine number lease lost: no ids until it is renewed', machine });
  };
  const renew = async () => {
    try {
      if (!(await extend(term.machine))) {
        heldUntil = 0;
        notice();
        term = await take();
      }
      if (isLost) log({ level: 'info', msg: 'machine number lease regained', machine: term.machine });
      isFailing = false;
      isLost = false;
    } catch (error) {
      const { machine } = term;
      if (!isFailing) log({ level: 'warn', msg: 'machine number lease renewal failed', machine, err: error });
      isFailing = true;
      notice();
    }
  };
  let renewal: Promise<void> | undefined;
  const renewing = setInterval(() => {
    notice();
    renewal ??= renew().finally(() => {
      renewal = undefined;
    });
  }, renewMs).unref();

  return {
    processId,
    get machine() {
      return term.machine;
    },
    isHeld,
    ids: {
      next() {
        if (!isHeld()) throw new Unavailable('mongodb', new Error('the machine number lease has run out'));
        lastId = term.ids.next();
        return lastId;
      },
    },
    async [Symbol.asyncDispose]() {
      if (released) return;
      released = true;
      clearInterval(renewing);
      await parting(renewal);
      // The document stays, and tells when its ids ended. Should this fail, the lease ends by itself.
      const { machine } = term;
      const givenBack = processes.updateOne(
        { _id: machine, processId },
        { $set: { processId: null, expiresAt: new Date(wallNow()) } },
      );
      await inTime(givenBack, partingMs, () => new Unavailable('mongodb')).catch((error: unknown) =>
        log({ level: 'warn', msg: 'machine number not given back', machine, err: error }),
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
