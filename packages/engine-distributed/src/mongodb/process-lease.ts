import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '@twite/core/clock';
import { createIdGenerator, firstIdAt, type IdGenerator } from '@twite/core/ids/ids';
import { Unavailable } from '@twite/core/unavailable';
import { EngineOpenError } from '../engine-open-error.ts';
import { inTime, parting, partingMs } from '../in-time.ts';
import type { Log } from '../log.ts';
import type { Collections } from './databases.ts';
import type { ProcessDoc, ProcessReport } from './documents.ts';
import { insertedNew } from './errors.ts';
import { bounded } from './reads.ts';

const machines = 1024;

/** A machine number with which only this process generates ids. When its lease expires, the process takes it again. */
export interface ProcessLease extends AsyncDisposable {
  /** Random; distinguishes this process from every other, including an earlier one on this machine. */
  readonly processId: string;
  /** 0 to 1023. Changes after an outage during which another process took the number. */
  readonly machine: number;
  /** False once the lease has expired by either clock: no id may be generated then. */
  isHeld(): boolean;
  /**
   * Ids of this process: unique across processes, and increasing within this one. `next` throws `Unavailable` while the
   * lease is not held.
   */
  readonly ids: { next(): string };
  /** Sets the process's report about itself: written with each renewal, and at once when it is `urgent`. */
  report(report: ProcessReport, options?: { readonly urgent?: boolean }): void;
  /** Resolves when the lease expired and `beforeRegain` refused: the process must exit. */
  readonly failed: Promise<Error>;
}

export interface LeaseOptions {
  readonly leaseMs?: number;
  readonly renewMs?: number;
  readonly wallNow?: () => number;
  /** The clock for ids; defaults to the wall clock. */
  readonly idsClock?: Clock | undefined;
  /** An id that all new ids must exceed: the newest one that a restore brought. */
  readonly idsAfter?: string | undefined;
  /**
   * Called before ids are generated again after the lease had expired: the data may have been restored or upgraded
   * meanwhile. Returns an id that all new ids must exceed. Rejects with `EngineOpenError` when this process may not use
   * the data.
   */
  readonly beforeRegain?: () => Promise<string | undefined>;
}

/** The end of a lease by both clocks, in milliseconds. */
interface Until {
  readonly monotonic: number;
  readonly wall: number;
}

const over: Until = { monotonic: 0, wall: 0 };

interface Term {
  readonly machine: number;
  readonly until: Until;
  readonly makeIds: () => IdGenerator;
}

/**
 * Leases a machine number: an unused one, or the one returned longest ago. Other processes judge the end of a lease by
 * their own clocks, which may differ by less than the time between two uses of a number.
 *
 * When MongoDB is unavailable for longer than the lease, `ids` throws until it recovers. Then the process keeps its
 * number, unless another process took it meanwhile: in that case it leases another one.
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
    beforeRegain = async () => undefined,
  }: LeaseOptions = {},
): Promise<ProcessLease> {
  const processId = randomUUID();
  const host = `${hostname()}:${process.pid}`;
  let lastId = idsAfter;
  let reported: ProcessReport | null = null;

  /**
   * A new end of the lease. The monotonic time is read before the request to MongoDB: never later than what others see.
   */
  const lease = () => {
    const askedAt = performance.now();
    const expiresAt = wallNow() + leaseMs;
    return {
      // The report is replaced too: that of the number's previous holder must not stay.
      fields: { processId, host, expiresAt: new Date(expiresAt), report: reported },
      until: { monotonic: askedAt + leaseMs, wall: expiresAt },
    };
  };

  /** Takes a number again. An attempt whose answer was lost may have taken one. */
  async function takeAgain(): Promise<Term> {
    const own = await processes.findOne({ processId }, { ...bounded, projection: { _id: 1 } });
    const until = own === null ? undefined : await extend(own._id);
    return own === null || until === undefined ? take() : termOf(own._id, undefined, until);
  }

  async function take(): Promise<Term> {
    let asked = lease();
    const { machine, after } = await takeMachine(processes, wallNow, () => {
      asked = lease();
      return asked.fields;
    });
    return termOf(machine, after, asked.until);
  }

  /** Extends the lease of a number, even an expired one; undefined when another process has the number now. */
  async function extend(machine: number): Promise<Until | undefined> {
    const { fields, until } = lease();
    const { matchedCount } = await processes.updateOne(
      { _id: machine, processId },
      { $set: { expiresAt: fields.expiresAt, report: fields.report } },
    );
    return matchedCount === 0 ? undefined : until;
  }

  const termOf = (machine: number, after: string | undefined, until: Until): Term => ({
    machine,
    until,
    makeIds: () =>
      createIdGenerator({
        clock: idsClock,
        machine,
        after: lastId !== undefined && (after === undefined || lastId > after) ? lastId : after,
      }),
  });

  let term = await take();
  let ids = term.makeIds();
  let released = false;
  let isFailing = false;
  let isLost = false;
  const { promise: failed, resolve: fail } = Promise.withResolvers<Error>();
  // Checks the wall clock too: the monotonic one may stand still while the machine sleeps.
  const isHeld = () => !released && performance.now() < term.until.monotonic && wallNow() < term.until.wall;

  const notice = () => {
    if (released || isLost || isHeld()) return;
    isLost = true;
    const { machine } = term;
    log({ level: 'error', msg: 'machine number lease lost', machine });
  };
  const renew = async () => {
    try {
      const until = await extend(term.machine);
      if (until === undefined) {
        term = { ...term, until: over };
        notice();
      }
      const next = until === undefined ? await takeAgain() : { ...term, until };
      if (isLost) {
        const floor = await beforeRegain();
        if (floor !== undefined && (lastId === undefined || floor > lastId)) lastId = floor;
      }
      // Assigned together: no id may be generated in between. Another number is taken only after the lease was lost.
      term = next;
      if (isLost) {
        ids = next.makeIds();
        log({ level: 'info', msg: 'machine number lease regained', machine: term.machine });
      }
      isFailing = false;
      isLost = false;
    } catch (error) {
      if (error instanceof EngineOpenError && !error.isTemporary && isLost) {
        clearInterval(renewing);
        fail(error);
        return;
      }
      const { machine } = term;
      if (!isFailing) log({ level: 'warn', msg: 'machine number lease renewal failed', machine, err: error });
      isFailing = true;
      notice();
    }
  };
  let renewal: Promise<void> | undefined;
  const renewNow = () => {
    if (released) return;
    notice();
    renewal ??= renew().finally(() => {
      renewal = undefined;
    });
  };
  const renewing = setInterval(renewNow, renewMs).unref();

  return {
    processId,
    get machine() {
      return term.machine;
    },
    isHeld,
    failed,
    ids: {
      next() {
        const id = isHeld() ? ids.next() : undefined;
        // Checked again: the process may have been paused while it generated the id.
        if (id === undefined || !isHeld())
          throw new Unavailable('mongodb', new Error('the machine number lease has run out'));
        lastId = id;
        return id;
      },
    },
    report(report, { urgent = false } = {}) {
      reported = report;
      if (!urgent) return;
      // A running renewal may have begun with the previous report.
      if (renewal === undefined) renewNow();
      else void renewal.then(renewNow);
    },
    async [Symbol.asyncDispose]() {
      if (released) return;
      released = true;
      clearInterval(renewing);
      await parting(renewal);
      // The document stays and records when its ids ended. If this fails, the lease expires by itself.
      const { machine } = term;
      const givenBack = processes.updateOne(
        { _id: machine, processId },
        { $set: { processId: null, expiresAt: new Date(wallNow()), report: null } },
      );
      await inTime(givenBack, partingMs, () => new Unavailable('mongodb')).catch((error: unknown) =>
        log({ level: 'warn', msg: 'machine number not released', machine, err: error }),
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
      // Picks a random one: processes that start at once seldom choose the same.
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
        { isTemporary: true },
      );
    }
    const { _id, processId, expiresAt } = oldest;
    const { matchedCount } = await processes.updateOne({ _id, processId, expiresAt }, { $set: lease() });
    if (matchedCount === 1) return { machine: _id, after: firstIdAt(expiresAt.getTime() + 1) };
  }
}

/** Whether a process holds an unexpired lease. */
export async function isProcessAlive(
  { processes }: Pick<Collections, 'processes'>,
  processId: string,
  wallNow: number,
): Promise<boolean> {
  const alive = { processId, expiresAt: { $gt: new Date(wallNow) } };
  return (await processes.findOne(alive, { ...bounded, projection: { _id: 1 } })) !== null;
}
